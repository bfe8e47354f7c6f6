package composer

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"selvedge/composer/internal/header"
)

// esiTypes are the media types that are read as ESI if they opt in. Text of
// other kinds may look like ESI and mean something else.
var esiTypes = []string{"text/html", "application/xhtml+xml", "text/xml", "application/xml"}

// compiles reports whether an answer with this header is to be read as ESI: it
// opts in, and is of a type that may. One of no type may too.
func (c *Composer) compiles(h http.Header) bool {
	if !header.OptsIn(h) && (!c.options.OptInAliases || !header.OptsInByAlias(h)) {
		return false
	}
	return c.isESIType(header.ContentType(h))
}

// isESIType reports whether an answer of this Content-Type may be read as ESI.
// A Content-Type without a type may be, because browsers look at the body then.
func (c *Composer) isESIType(contentType string) bool {
	mediaType, _ := header.ParseContentType(contentType)
	return mediaType == "" || slices.Contains(esiTypes, mediaType) || slices.Contains(c.options.ESITypes, mediaType)
}

// warnUnreadType logs a warning if an answer opts in and is not read as ESI
// because of its type: its tags reach the visitor as text.
func (c *Composer) warnUnreadType(q *query, h http.Header) {
	if len(h[header.SurrogateControl]) == 0 {
		return
	}
	if contentType := header.ContentType(h); !c.isESIType(contentType) && header.OptsIn(h) {
		c.warnOnce(q, "an answer opts in to ESI, which is not read in its type", slog.String("type", contentType))
	}
}

// warnNotOptedIn logs a warning if the answer of a fragment contains an ESI tag
// and does not opt in: its tags reach the visitor as text. It warns once for
// each source.
func (c *Composer) warnNotOptedIn(q *query, answer *response, body []byte) {
	if answer.isESI() || !bytes.Contains(body, []byte("<esi:")) || !c.isESIType(answer.header.Get("Content-Type")) {
		return
	}
	if q.Backend.WarnOnce() {
		reference, _, _ := strings.Cut(q.String(), "?")
		c.options.Logger.Warn(`a fragment contains ESI tags, which reach the visitor because it does not opt in with Surrogate-Control: content="ESI/1.0"`,
			"reference", reference)
	}
}

// optInFields are the other fields in which a response may ask to be read as
// ESI. A page has none of them, or who stands before us would read it again.
func (c *Composer) optInFields() []string {
	if !c.options.OptInAliases {
		return nil
	}
	return []string{"Edge-Control", "X-Esi"}
}
