package proxy

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"selvedge/composer/internal/header"
)

// The trailer section of a document (RFC 9110 §6.5) is passed through to the clients that
// waited for the response. It is not stored, as RFC 9111 §3.1 permits. A page has no
// trailer section of its template, because its content differs from the template.

// mayHaveTrailer reports whether the trailer section of a response is passed through to
// the client of a request. A client of HTTP/1.1 can read a trailer section (RFC 9112
// §7.1), but a proxy has to announce its support (TE: trailers).
func mayHaveTrailer(r *http.Request) bool {
	return r.ProtoAtLeast(1, 1) && (header.TakesTrailers(r) || !header.IsFromProxy(r))
}

// setTE sends the origin the part of the client's TE field about trailers.
func setTE(h http.Header, r *http.Request) {
	if header.TakesTrailers(r) {
		h["Te"], h["Connection"] = []string{"trailers"}, append(slices.Clip(h["Connection"]), "TE") // RFC 9110 §10.1.4
	}
}

// forwardedTrailer returns the fields of a trailer section that are passed through.
// Before the body has been read, the fields have no values. These fields are removed:
//
//   - fields that describe the message or the connection (RFC 9110 §6.5.1),
//   - fields for the composer,
//   - Set-Cookie,
//   - fields with an invalid name.
func forwardedTrailer(trailer http.Header) http.Header {
	if len(trailer) == 0 {
		return nil
	}
	kept := maps.Clone(trailer)
	header.RemoveHopByHop(kept)
	header.RemoveComposerFields(kept)
	maps.DeleteFunc(kept, func(name string, _ []string) bool {
		return !header.IsToken(name) || !httpguts.ValidTrailerHeader(name) || name == "Set-Cookie"
	})
	return kept
}

// receivedTrailer returns the trailer section to pass through after the body of a
// response has been read, or nil.
func receivedTrailer(res *http.Response) http.Header {
	kept := forwardedTrailer(res.Trailer)
	maps.DeleteFunc(kept, func(_ string, values []string) bool { return len(values) == 0 })
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// announceTrailer sets the Trailer field (RFC 9110 §6.6.2). A field of the header is not
// announced, because net/http would repeat it in the trailer section.
func announceTrailer(h, trailer http.Header) {
	var names []string
	for name := range trailer {
		if _, ok := h[name]; !ok {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		h["Trailer"] = []string{strings.Join(names, ", ")}
	}
}

// writeTrailer ends a response with a trailer section, announced or not.
func writeTrailer(w http.ResponseWriter, trailer http.Header) {
	if len(trailer) == 0 {
		return
	}
	_ = http.NewResponseController(w).Flush() // net/http would give a short body a length, and no trailer
	for name, values := range trailer {
		w.Header()[http.TrailerPrefix+name] = values
	}
}

// passTrailer restricts the trailer section passed through by httputil to the fields that
// the client may receive.
func passTrailer(res *http.Response, client *http.Request) {
	isAllowed := mayHaveTrailer(client) && client.Method != http.MethodHead && hasBody(res.StatusCode)
	res.Trailer = forwardedTrailer(res.Trailer)
	for name := range res.Trailer {
		if _, ok := res.Header[name]; ok || !isAllowed { // see announceTrailer
			delete(res.Trailer, name)
		}
	}
	if res.ContentLength < 0 {
		res.Body = &trailerBody{ReadCloser: res.Body, response: res, isAllowed: isAllowed}
	}
}

// trailerBody is a body that restricts the trailer section of its response when the body
// is closed, because the section is known then.
type trailerBody struct {
	io.ReadCloser
	response  *http.Response
	isAllowed bool
}

// Close closes the body.
func (b *trailerBody) Close() error {
	err := b.ReadCloser.Close()
	if !b.isAllowed {
		b.response.Trailer = nil
		return err
	}
	b.response.Trailer = forwardedTrailer(b.response.Trailer)
	return err
}
