package composer

import (
	"mime"
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
	if h.Get("Content-Type") == "" {
		return true
	}
	mediaType, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return slices.Contains(esiTypes, mediaType) || slices.Contains(c.options.ESITypes, mediaType)
}

// optsIn reports whether a response asks to be read as ESI (Edge Architecture
// 1.0 §2.2), in a version of the language that is ours or older. A directive
// that is addressed to another surrogate is not for us (§2.3).
func optsIn(h http.Header) bool {
	for _, line := range h[surrogateControl] {
		for len(line) > 0 {
			var directive string
			directive, line = cutElement(line, ',')
			directive, target := cutElement(directive, ';')
			name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
			ours := strings.TrimSpace(target) == "" || strings.TrimSpace(target) == device
			if ours && strings.EqualFold(name, "content") && slices.ContainsFunc(strings.Fields(unquote(value)), isOurESI) {
				return true
			}
		}
	}
	return false
}

// isOurESI reports whether a token names ESI 1.0 or what came before it.
func isOurESI(token string) bool {
	version, ok := strings.CutPrefix(token, "ESI/")
	if !ok || strings.Trim(version, "0123456789.") != "" {
		return false
	}
	number, err := strconv.ParseFloat(version, 64)
	return err == nil && number <= 1
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
	return h.Get("X-Esi") == "1"
}
