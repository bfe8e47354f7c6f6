package header

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// OptsIn reports whether a response asks to be read as ESI (Edge Architecture
// 1.0 §2.2), in a version of the language that is ours or older. A directive
// that is addressed to another surrogate is not for us (§2.3).
func OptsIn(h http.Header) bool {
	return slices.ContainsFunc(ContentVersions(h[SurrogateControl], "", Device), func(version float64) bool { return version <= 1 })
}

// ContentVersions returns the versions of ESI in which a Surrogate-Control field has
// a response read, by surrogates of the given names; the empty one is for all.
func ContentVersions(lines []string, targets ...string) []float64 {
	var versions []float64
	for element := range ListElements(lines) {
		directive, target := cutTarget(element)
		name, value, _ := strings.Cut(directive, "=")
		if strings.EqualFold(name, "content") && slices.Contains(targets, target) {
			versions = append(versions, ESIVersions(value)...)
		}
	}
	return versions
}

// ESIVersions returns the versions of ESI among some languages, which may stand
// in quotes.
func ESIVersions(languages string) []float64 {
	var versions []float64
	for language := range strings.FieldsSeq(Unquote(languages)) {
		number, isESI := strings.CutPrefix(language, "ESI/")
		if !isESI || strings.Trim(number, "0123456789.") != "" {
			continue
		}
		if v, err := strconv.ParseFloat(number, 64); err == nil {
			versions = append(versions, v)
		}
	}
	return versions
}

// OptsInByAlias reports whether a response asks for the same in the way of
// Akamai (Edge-Control: dca=esi) or of Apache Traffic Server (X-Esi: 1).
func OptsInByAlias(h http.Header) bool {
	for _, line := range h["Edge-Control"] {
		for directive := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(directive), "dca=esi") {
				return true
			}
		}
	}
	return First(h, "X-Esi") == "1"
}
