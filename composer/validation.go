package composer

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// newStored returns a fragment's answer as it can be stored.
func newStored(q *query, answer *response, received time.Time) *stored {
	request, header := q.header.fields(), answer.raw
	if header == nil {
		header = answer.header.http()
	}
	if !answer.isDocument() || !answer.isHandedOn() && answer.isESI() {
		withoutCoding(header)
	}
	s := &stored{
		response: *answer,
		terms:    termsOf(request, answer.status, header, received),
	}
	s.raw = nil
	overridden := s.override(q, request, header)
	s.setSelection(varyOf(header), request, !overridden && s.storable && s.reusable && isHeuristic(header))
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
	all.vary, all.varied, all.heuristic = vary, variedBy(request, vary), heuristic
	s.extra = &all
}

// override applies the lifetime that the include gives its answer (the
// attribute ttl), and reports whether it did. A template cannot know whom an
// answer is for, so a ttl never makes one shared that would not be:
//   - one that may not be stored (see mayStore) stays so: no-store, private,
//     Set-Cookie, Vary: *, and RFC 9111 §3.5 for a request with Authorization;
//   - one to a request with a Cookie is stored only if it says that it is for
//     all: with public, or with a lifetime of its own.
func (s *stored) override(q *query, request, header http.Header) bool {
	if q.lifetime == 0 || !s.ok() || !s.allowed {
		return false
	}
	if len(request["Cookie"]) > 0 && (!s.reusable || s.lifetime <= 0) {
		if d, _ := directivesOf(header); !d.public {
			return false
		}
	}
	s.terms = terms{allowed: true, storable: true, reusable: true, strict: s.strict, lifetime: secondsOf(s.age(time.Now()) + q.lifetime)}
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
	if etag := f.validates.header.get("Etag"); etag != "" {
		header["If-None-Match"] = []string{etag}
	}
	if modified := f.validates.header.get("Last-Modified"); modified != "" {
		header["If-Modified-Since"] = []string{modified}
	}
	return header
}

// ofTheBody are the fields that say what the stored bytes are, which a 304 does
// not change (RFC 9111 §3.2).
var ofTheBody = []string{"Content-Digest", "Content-Encoding", "Content-Length", "Content-Md5", "Content-Range", "Repr-Digest"}

// updated returns the stored response after a 304 (RFC 9111 §4.3.4), with its
// body and program, or nil if the 304 is about another one.
func (s *stored) updated(notModified *response, asked, received time.Time) *response {
	etag := notModified.header.get("Etag")
	if etag != "" && strings.TrimPrefix(etag, "W/") != strings.TrimPrefix(s.header.get("Etag"), "W/") {
		return nil
	}
	answer := s.response // raw is nil
	header, news := s.header.http(), notModified.header.http()
	header.Del("Age")
	header.Del("Date")
	for _, name := range ofTheBody {
		delete(news, name)
	}
	maps.Copy(header, news)
	answer.header, answer.groups = fieldsOf(header), membershipsOf(header)
	answer.gives = contributionOf(s.place, header, received.Add(-initialAge(header, asked, received)), received)
	answer.gives.setBody(answer.body)
	answer.setCharset(charsetNamed(contentTypeOf(header)))
	answer.setMark(answer.body)
	return &answer
}
