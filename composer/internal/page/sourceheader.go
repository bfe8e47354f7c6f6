package page

import (
	"net/http"
	"sync"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// headerFor returns the header sent to a target. Fragments and the origin receive the
// visitor's cookies and credentials, because the operator named them. A host that is only
// allowed receives neither. The target of a public include receives nothing of the
// visitor.
func (pr *pageRequest) headerFor(at registry.Target, isPublic bool) cache.HeaderSource {
	switch {
	case pr.request == nil:
		return pr.viewHeaderFor(at, isPublic)
	case isPublic:
		return (*publicHeader)(pr)
	case at.Backend.Guarded:
		return (*allowedHostHeader)(pr)
	case at.Backend.HasOwnHeader():
		return &sourceHeader{page: pr, source: at.Backend}
	}
	return pr
}

// viewHeaderFor is headerFor for a rendered view.
func (pr *pageRequest) viewHeaderFor(at registry.Target, isPublic bool) cache.HeaderSource {
	h := pr.Header()
	switch {
	case isPublic:
		h = pagetoken.WithoutVariant(h)
	case at.Backend.Guarded:
		h = h.Clone()
		delete(h, "Cookie")
	default:
		h = pr.options.ViewHeader(h, at.Backend)
	}
	return cache.FixedHeader(h)
}

// sourceHeader is the header sent to a source with settings of its own.
type sourceHeader struct {
	page   *pageRequest
	source *registry.Backend
	once   sync.Once
	header http.Header
}

// Header returns the header. It marks the header of the page as read, because a page with
// such a header is not in the microcache.
func (s *sourceHeader) Header() http.Header {
	s.once.Do(func() {
		s.page.Header()
		s.header = s.page.options.IncludeHeader(s.page.request, s.source)
	})
	return s.header
}

// allowedHostHeader is the header sent to a host that is only allowed.
type allowedHostHeader pageRequest

// Header returns the header.
func (s *allowedHostHeader) Header() http.Header {
	h := (*pageRequest)(s).Header().Clone()
	for _, name := range append([]string{"Authorization", "Cookie"}, s.options.Headers...) {
		delete(h, name)
	}
	delete(h, "Referer")
	if s.request != nil {
		// The full address may have secrets in its query (Referrer Policy §3.4, the
		// policy origin).
		h["Referer"] = []string{header.Scheme(s.request) + "://" + s.request.Host + "/"}
	}
	return h
}

// publicHeader is the header of a public include, the same for all visitors.
type publicHeader pageRequest

// Header returns the header.
func (s *publicHeader) Header() http.Header {
	return http.Header{
		"Accept":                   {"text/html"},
		"X-Forwarded-Host":         {s.request.Host},
		"X-Forwarded-Proto":        {header.Scheme(s.request)},
		"Via":                      {header.Via(s.request)},
		header.SurrogateCapability: {header.Capability},
	}
}
