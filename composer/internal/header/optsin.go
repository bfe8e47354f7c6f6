package header

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// OptsIn reports whether a response asks to be processed as ESI (Edge Architecture 1.0
// §2.2), in version 1.0 or older. Directives for a surrogate with another name than
// Device are ignored (§2.3).
func OptsIn(h http.Header) bool {
	return slices.ContainsFunc(ContentVersions(h[SurrogateControl], "", Device), func(version float64) bool { return version <= 1 })
}

// OptsInByAlias reports whether a response asks to be processed as ESI by the field of
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

// ContentVersions returns the versions of ESI in the content directives of a
// Surrogate-Control field that are addressed to the given targets. The empty target
// means all surrogates.
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

// ESIVersions returns the versions of ESI in a list of languages, which may be quoted.
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
