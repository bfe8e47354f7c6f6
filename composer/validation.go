package composer

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// newStored returns a fragment's answer as it can be stored.
func newStored(k key, request http.Header, answer *response, asked, received time.Time) *stored {
	s := &stored{
		response: *answer,
		terms:    termsOf(request, answer.status, answer.header, received),
		key:      k,
		vary:     varyOf(answer.header),
		born:     received.Add(-initialAge(answer.header, asked, received)),
	}
	s.varied = variedBy(request, s.vary)
	return s
}

// conditional is the header of the flight's request: it asks for a response
// only if that is not the one which is stored (RFC 9111 §4.3.1).
func (f *flight) conditional() http.Header {
	if f.validates == nil {
		return f.header
	}
	header := f.header.Clone()
	if etag := f.validates.header["Etag"]; len(etag) > 0 {
		header["If-None-Match"] = slices.Clone(etag[:1])
	}
	if modified := f.validates.header["Last-Modified"]; len(modified) > 0 {
		header["If-Modified-Since"] = slices.Clone(modified[:1])
	}
	return header
}

// ofTheBody are the fields that a 304 does not change (RFC 9111 §3.2).
var ofTheBody = []string{"Content-Encoding", "Content-Length", "Content-Range", "Content-Type"}

// updated returns the stored response after a 304 (RFC 9111 §4.3.4), with its
// body and program, or nil if the 304 is about another one.
func (s *stored) updated(notModified *response) *response {
	etag := notModified.header.Get("Etag")
	if etag != "" && strings.TrimPrefix(etag, "W/") != strings.TrimPrefix(s.header.Get("Etag"), "W/") {
		return nil
	}
	answer := s.response
	answer.header = s.header.Clone()
	answer.header.Del("Age")
	answer.header.Del("Date")
	news := maps.Clone(notModified.header)
	for _, name := range ofTheBody {
		delete(news, name)
	}
	maps.Copy(answer.header, news)
	answer.groups = groupsOf(answer.header)
	return &answer
}
