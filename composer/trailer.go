package composer

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"selvedge/composer/internal/header"
)

// The trailer section of a document (RFC 9110 §6.5) is handed on with the answer
// of the origin, to those who waited for it. It is not stored, as RFC 9111 §3.1
// allows, and a page has none of its template's, whose content it changes.

// takesTrailers reports whether a request says that its client takes trailers
// (RFC 9110 §10.1.4). Of the others, some cut an answer that ends with one:
// Varnish does so.
func takesTrailers(r *http.Request) bool { return header.HasListElement(r.Header["Te"], "trailers") }

// mayHaveTrailers reports whether the trailer of an origin is handed on to the
// client of a request. Whoever speaks HTTP/1.1 can read one (RFC 9112 §7.1), but
// of a proxy only its word counts.
func mayHaveTrailers(r *http.Request) bool {
	return r.ProtoAtLeast(1, 1) && (takesTrailers(r) || !IsFromProxy(r))
}

// askForTrailers tells an origin what a visitor says of trailers.
func askForTrailers(h http.Header, r *http.Request) {
	if takesTrailers(r) {
		h["Te"], h["Connection"] = []string{"trailers"}, append(slices.Clip(h["Connection"]), "TE") // RFC 9110 §10.1.4
	}
}

// handedOnTrailer returns those fields of a trailer that are handed on: what is
// about the message or one connection stands in no trailer (RFC 9110 §6.5.1), and
// what is for us ends here. Of a trailer that is announced only the names are
// known.
func handedOnTrailer(trailer http.Header) http.Header {
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

// receivedTrailer returns what is handed on of the trailer of an answer whose body
// was read to its end; nil if there is none.
func receivedTrailer(res *http.Response) http.Header {
	kept := handedOnTrailer(res.Trailer)
	maps.DeleteFunc(kept, func(_ string, values []string) bool { return len(values) == 0 })
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// announceTrailer says which fields may follow the body (RFC 9110 §6.6.2). One
// that stands in the header too is not announced, since net/http would repeat
// that one.
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

// sendTrailer ends an answer with a trailer, whether or not that was announced.
func sendTrailer(w http.ResponseWriter, trailer http.Header) {
	if len(trailer) == 0 {
		return
	}
	_ = http.NewResponseController(w).Flush() // or net/http gives a short body a length, and no trailer
	for name, values := range trailer {
		w.Header()[http.TrailerPrefix+name] = values
	}
}

// passTrailer has httputil hand on the trailer of an answer as far as its visitor
// may have it. One that cannot come is not announced.
func passTrailer(res *http.Response, visitor *http.Request) {
	may := mayHaveTrailers(visitor) && visitor.Method != http.MethodHead && hasBody(res.StatusCode)
	res.Trailer = handedOnTrailer(res.Trailer)
	for name := range res.Trailer {
		if _, ok := res.Header[name]; ok || !may { // see announceTrailer
			delete(res.Trailer, name)
		}
	}
	if res.ContentLength < 0 {
		res.Body = &trailedBody{ReadCloser: res.Body, response: res, may: may}
	}
}

// trailedBody is the body of an answer with what its visitor may have of the
// trailer, which is known when the body is closed.
type trailedBody struct {
	io.ReadCloser
	response *http.Response
	may      bool
}

func (b *trailedBody) Close() error {
	err := b.ReadCloser.Close()
	if !b.may {
		b.response.Trailer = nil
		return err
	}
	b.response.Trailer = handedOnTrailer(b.response.Trailer)
	return err
}

// withTrailer returns the answer with the trailer that came after its body.
func (r *response) withTrailer(trailer http.Header) *response {
	if trailer == nil {
		return r
	}
	var all extra
	if r.extra != nil {
		all = *r.extra
	}
	all.trailer = trailer
	r.extra = &all
	return r
}

// trailer returns the trailer of a whole answer.
func (r *response) trailer() http.Header {
	if r.extra == nil {
		return nil
	}
	return r.extra.trailer
}

// withoutTrailer returns the response as it is stored.
func (s *stored) withoutTrailer() *stored {
	if s.trailer() == nil {
		return s
	}
	kept, rest := *s, *s.extra
	rest.trailer = nil
	kept.extra = &rest
	return &kept
}
