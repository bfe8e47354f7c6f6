package composer

import (
	"net/http"
	"slices"

	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/header"
)

// IsTemplate reports whether a response is read as ESI: it says Surrogate-Control:
// content="ESI/1.0", and its type is HTML or XML. It does not know Options.ESITypes and
// Options.OptInAliases.
func IsTemplate(h http.Header) bool {
	return header.OptsIn(h) && fetch.IsESIType(header.ContentType(h))
}

// TemplateVariables returns the names of the variables of templates.
func TemplateVariables() []string { return slices.Clone(document.Variables) }

// GroupsOf returns the groups of a response, sorted and without duplicates: those of
// Cache-Groups (RFC 9875 §2), and of Surrogate-Key, xkey and Cache-Tag.
func GroupsOf(h http.Header) []string { return header.CacheGroups(h) }

// StylesheetsOf returns the addresses of the stylesheets that a response announces with
// Link fields: with rel=stylesheet, or with rel=preload and as=style.
func StylesheetsOf(h http.Header) []string { return header.Stylesheets(h) }
