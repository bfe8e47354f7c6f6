package fetch

import (
	"net/http"
	"slices"

	"selvedge/composer/internal/document"
	"selvedge/composer/internal/header"
)

// esiTypes are the media types that are read as ESI after an opt-in. Text of any other
// type may look like ESI and have a different meaning.
var esiTypes = []string{"text/html", "application/xhtml+xml", "text/xml", "application/xml"}

// Compiles reports whether a response is read as ESI: the response opts in, and its media
// type permits ESI.
func (f *Fetcher) Compiles(h http.Header) bool {
	if !header.OptsIn(h) && (!f.options.OptInAliases || !header.OptsInByAlias(h)) {
		return false
	}
	return f.isESIType(header.ContentType(h))
}

// reading returns the way to read the body of a response, given whether it is read as ESI.
// With Options.AutoLive, HTML gets marks for the live element.
func (f *Fetcher) reading(begun Begun, isESI bool) document.Reading {
	mediaType, _ := header.ParseContentType(begun.Header.Get("Content-Type"))
	switch {
	case !isESI:
		return document.AsText
	case f.options.AutoLive && mediaType == "text/html":
		return document.AsLivePage
	}
	return document.AsESI
}

// isESIType reports whether a response with this Content-Type may be read as ESI. A
// response without a type may be read as ESI, because browsers sniff the type of such a
// body.
func (f *Fetcher) isESIType(contentType string) bool {
	mediaType, _ := header.ParseContentType(contentType)
	return IsESIType(contentType) || slices.Contains(f.options.ESITypes, mediaType)
}

// IsESIType reports whether a response with this Content-Type may be read as ESI without
// any option.
func IsESIType(contentType string) bool {
	mediaType, _ := header.ParseContentType(contentType)
	return mediaType == "" || slices.Contains(esiTypes, mediaType)
}

// OptInAliases returns the further fields by which a response may opt in. These fields
// are removed from a page, because a composer in front would read the page again.
func (f *Fetcher) OptInAliases() []string {
	if !f.options.OptInAliases {
		return nil
	}
	return []string{"Edge-Control", "X-Esi"}
}
