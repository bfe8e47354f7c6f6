package fetch

import (
	"net/http"
	"slices"

	"selvedge/composer/internal/header"
)

// esiTypes are the media types that are read as ESI if they opt in. Text of another type
// may look like ESI and have another meaning.
var esiTypes = []string{"text/html", "application/xhtml+xml", "text/xml", "application/xml"}

// Compiles reports whether a response is read as ESI: it opts in, and its type permits
// it.
func (f *Fetcher) Compiles(h http.Header) bool {
	if !header.OptsIn(h) && (!f.options.OptInAliases || !header.OptsInByAlias(h)) {
		return false
	}
	return f.isESIType(header.ContentType(h))
}

// isESIType reports whether a response with this Content-Type may be read as ESI. One
// without a type may, because browsers then look at the body.
func (f *Fetcher) isESIType(contentType string) bool {
	mediaType, _ := header.ParseContentType(contentType)
	return mediaType == "" || slices.Contains(esiTypes, mediaType) || slices.Contains(f.options.ESITypes, mediaType)
}

// OptInAliases returns the other fields by which a response may opt in. A page has none
// of them, or a composer in front would read it again.
func (f *Fetcher) OptInAliases() []string {
	if !f.options.OptInAliases {
		return nil
	}
	return []string{"Edge-Control", "X-Esi"}
}
