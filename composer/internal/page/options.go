package page

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// Options are the settings of an Assembler. The options of package composer with the same
// names describe them.
type Options struct {
	MaxWait, PageTimeout            time.Duration
	MaxFragment, MaxPage            int
	MaxIncludes, MaxDepth           int
	CacheSize                       int
	NoGzip, ShowHosts               bool
	Headers, ESICookies, SetCookies []string
	EarlyHints                      func(*http.Request) bool
	Logger                          *slog.Logger
	Fetcher                         *fetch.Fetcher
	Registry                        *registry.Registry
	Resolver                        *registry.Resolver
	Tokens                          *pagetoken.Signer
	Live                            *LiveElement // nil for none

	// Debug, ShowFailures and Inspect are for the authors of a site.
	Debug        func(*http.Request) bool
	ShowFailures bool
	Inspect      func(reference string, h http.Header, body []byte) []string

	// ClientAddress returns the address of a visitor, or zero.
	ClientAddress func(*http.Request) netip.Addr

	// Session returns the id of the visitor's session, or "".
	Session func(*http.Request) string

	// IncludeHeader returns the header sent to a source for a page request. A nil source
	// is one without settings of its own.
	IncludeHeader func(*http.Request, *registry.Backend) http.Header

	// ViewHeader returns the part of a view's header that a source receives.
	ViewHeader func(http.Header, *registry.Backend) http.Header

	// VariantHeader returns the part of a view's header for a view within: the fields that
	// the fragment of a reference receives, with the cookies of the fragments in
	// pagetoken.Entry.Within.
	VariantHeader func(h http.Header, reference string, within []string) http.Header

	// IsReserved reports whether no source may set a cookie with a name.
	IsReserved func(cookie string) bool
}
