package composer

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// esiTypes are the media types that are read as ESI if they opt in. Text of
// other kinds may look like ESI and mean something else.
var esiTypes = []string{"text/html", "application/xhtml+xml", "text/xml", "application/xml"}

// compiles reports whether an answer with this header is to be read as ESI: it
// opts in, and is of a type that may. One of no type may too.
func (c *Composer) compiles(h http.Header) bool {
	if !optsIn(h) && (!c.options.OptInAliases || !optsInElsewhere(h)) {
		return false
	}
	return c.isESIType(contentTypeOf(h))
}

// isESIType reports whether an answer of this Content-Type may be read as ESI.
// A Content-Type without a type may be, because browsers look at the body then.
func (c *Composer) isESIType(contentType string) bool {
	mediaType, _ := parseContentType(contentType)
	return mediaType == "" || slices.Contains(esiTypes, mediaType) || slices.Contains(c.options.ESITypes, mediaType)
}

// warnUnreadType logs a warning if an answer opts in and is not read as ESI
// because of its type: its tags reach the visitor as text.
func (c *Composer) warnUnreadType(q *query, h http.Header) {
	if len(h[surrogateControl]) == 0 {
		return
	}
	if contentType := contentTypeOf(h); !c.isESIType(contentType) && optsIn(h) {
		c.warnOnce(q, "an answer opts in to ESI, which is not read in its type", slog.String("type", contentType))
	}
}

// warnNotOptedIn logs a warning if the answer of a fragment contains an ESI tag
// and does not opt in: its tags reach the visitor as text. It warns once for
// each source.
func (c *Composer) warnNotOptedIn(q *query, answer *response, body []byte) {
	if answer.isESI() || !bytes.Contains(body, []byte("<esi:")) || !c.isESIType(answer.header.get("Content-Type")) {
		return
	}
	if q.source.warnedOptIn.CompareAndSwap(false, true) {
		reference, _, _ := strings.Cut(q.String(), "?")
		c.options.Logger.Warn(`a fragment contains ESI tags, which reach the visitor because it does not opt in with Surrogate-Control: content="ESI/1.0"`,
			"reference", reference)
	}
}

// optsIn reports whether a response asks to be read as ESI (Edge Architecture
// 1.0 §2.2), in a version of the language that is ours or older. A directive
// that is addressed to another surrogate is not for us (§2.3).
func optsIn(h http.Header) bool {
	return slices.ContainsFunc(contentOf(h[surrogateControl], "", device), func(version float64) bool { return version <= 1 })
}

// contentOf returns the versions of ESI in which a Surrogate-Control field has
// a response read, by surrogates of the given names; the empty one is for all.
func contentOf(lines []string, targets ...string) []float64 {
	var versions []float64
	for element := range listElements(lines) {
		directive, target := cutTarget(element)
		name, value, _ := strings.Cut(directive, "=")
		if strings.EqualFold(name, "content") && slices.Contains(targets, target) {
			versions = append(versions, esiVersions(value)...)
		}
	}
	return versions
}

// esiVersions returns the versions of ESI among some languages, which may stand
// in quotes.
func esiVersions(languages string) []float64 {
	var versions []float64
	for language := range strings.FieldsSeq(unquote(languages)) {
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

// optInFields are the other fields in which a response may ask to be read as
// ESI. A page has none of them, or who stands before us would read it again.
func (c *Composer) optInFields() []string {
	if !c.options.OptInAliases {
		return nil
	}
	return []string{"Edge-Control", "X-Esi"}
}

// optsInElsewhere reports whether a response asks for the same in the way of
// Akamai (Edge-Control: dca=esi) or of Apache Traffic Server (X-Esi: 1).
func optsInElsewhere(h http.Header) bool {
	for _, line := range h["Edge-Control"] {
		for directive := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(directive), "dca=esi") {
				return true
			}
		}
	}
	return first(h, "X-Esi") == "1"
}
