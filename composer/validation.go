package composer

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/pagetoken"
)

// newStored returns a fragment's answer as it can be stored.
func newStored(q *query, answer *response, received time.Time) *stored {
	request, h := q.header.fields(), answer.raw
	if h == nil {
		h = answer.header.Header()
	}
	if !answer.isDocument() || !answer.isHandedOn() && answer.isESI() {
		header.RemoveCodingVary(h)
	}
	s := &stored{
		response: *answer,
		terms:    termsOf(request, answer.status, h, received),
	}
	s.raw = nil
	overridden := s.override(q, request, h)
	s.setSelection(header.VaryNames(h), request, !overridden && s.storable && s.reusable && isHeuristic(h))
	if s.storable && !s.isESI() { // a program refers to its body
		s.body = fitted(s.body)
	}
	return s
}

// setSelection keeps what tells the requests that the response answers from
// others: the values of the fields that it varies on, and whether only requests
// without credentials may have it (see isHeuristic).
func (s *stored) setSelection(vary []string, request http.Header, heuristic bool) {
	if len(vary) == 0 && !heuristic && (s.extra == nil || !s.extra.heuristic) {
		return
	}
	var all extra
	if s.extra != nil {
		all = *s.extra
	}
	all.vary, all.varied, all.heuristic = vary, header.SelectingValues(request, vary), heuristic
	s.extra = &all
}

// override applies the lifetime that the include gives its answer (the
// attribute ttl), and reports whether it did. A template cannot know whom an
// answer is for, so a ttl never makes one shared that would not be:
//   - one that may not be stored (see mayStore) stays so: no-store, private,
//     Set-Cookie, Vary: *, and RFC 9111 §3.5 for a request with Authorization;
//   - one to a request with a Cookie is stored only if it says that it is for
//     all: with public, or with a lifetime of its own.
func (s *stored) override(q *query, request, h http.Header) bool {
	if q.lifetime == 0 || !s.ok() || !s.allowed {
		return false
	}
	if len(request["Cookie"]) > 0 && (!s.reusable || s.lifetime <= 0) {
		if d, _ := header.EffectiveCacheControl(h); !d.Public {
			return false
		}
	}
	s.terms = terms{allowed: true, storable: true, reusable: true, strict: s.strict, lifetime: header.WholeSeconds(s.age(time.Now()) + q.lifetime)}
	return true
}

// conditional is the header of the flight's request: it asks for a response
// only if that is not the one which is stored (RFC 9111 §4.3.1).
func (f *flight) conditional() http.Header {
	header := f.query.header.fields()
	if f.validates == nil {
		return header
	}
	header = header.Clone()
	if etag := f.validates.header.Get("Etag"); etag != "" {
		header["If-None-Match"] = []string{etag}
	}
	if modified := f.validates.header.Get("Last-Modified"); modified != "" {
		header["If-Modified-Since"] = []string{modified}
	}
	return header
}

// updated returns the stored response after a 304 (RFC 9111 §4.3.4), with its
// body and program, or nil if the 304 is about another one.
func (s *stored) updated(notModified *response, asked, received time.Time) *response {
	etag := notModified.header.Get("Etag")
	if etag != "" && strings.TrimPrefix(etag, "W/") != strings.TrimPrefix(s.header.Get("Etag"), "W/") {
		return nil
	}
	answer := s.response // raw is nil
	h, news := s.header.Header(), notModified.header.Header()
	h.Del("Age")
	h.Del("Date")
	for _, name := range header.BodyFields {
		delete(news, name)
	}
	maps.Copy(h, news)
	answer.header, answer.groups = header.NewCompact(h), membershipsOf(h)
	answer.gives = cachepolicy.New(s.Target, h, received.Add(-header.InitialAge(h, asked, received)), received, pagetoken.VariantBits)
	answer.gives.SetBody(answer.body)
	answer.setCharset(header.Charset(header.ContentType(h)))
	answer.setMark(answer.body)
	return &answer
}
