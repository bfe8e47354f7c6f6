package composer

import (
	"maps"
	"net/http"
	"slices"
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
	s.setVary(varyOf(header), request)
	s.override(q, header)
	if s.storable && !s.isESI() { // a program refers to its body
		s.body = fitted(s.body)
	}
	return s
}

// setVary keeps what the request has in the fields that the response varies on.
func (s *stored) setVary(vary []string, request http.Header) {
	if len(vary) == 0 {
		return
	}
	var all extra
	if s.extra != nil {
		all = *s.extra
	}
	all.vary, all.varied = vary, variedBy(request, vary)
	s.extra = &all
}

// override applies what the include says of how long its answer is kept. That
// makes nothing everybody's that the answer says is not.
func (s *stored) override(q *query, header http.Header) {
	if q.lifetime == 0 || !s.ok() {
		return
	}
	if s.gives.traits&isPrivate == 0 && !slices.Contains(varyOf(header), "*") {
		s.terms = terms{allowed: true, storable: true, reusable: true, lifetime: secondsOf(s.age(time.Now()) + q.lifetime)}
	}
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
	answer.setCharset(charsetNamed(first(header, "Content-Type")))
	answer.setMark(answer.body)
	return &answer
}
