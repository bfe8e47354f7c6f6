package proxy

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sync"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/http1"
)

// informationalRelay passes informational responses (RFC 9110 §15.2) to the client of the
// original request, until the client has its final response. After that, the request may
// continue for other clients.
//
//   - A client of HTTP/1.0 receives no informational responses.
//   - A client receives 103 Early Hints only if it accepts them (see Options.EarlyHints).
type informationalRelay struct {
	w               http.ResponseWriter
	isHTTP11        bool // or later
	takesEarlyHints bool

	mu       sync.Mutex
	hasEnded bool
}

// newInformationalRelay returns a relay to the client of a request.
func (p *Proxy) newInformationalRelay(w http.ResponseWriter, r *http.Request) *informationalRelay {
	return &informationalRelay{w: w, isHTTP11: r.ProtoAtLeast(1, 1), takesEarlyHints: p.options.Pages.TakesEarlyHints(r)}
}

// trace returns a context for requests with relayed informational responses.
func (y *informationalRelay) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: y.relay})
}

// limited returns relay with a limit on the number of responses. http.Transport has no
// limit if its trace has a Got1xxResponse.
func (y *informationalRelay) limited() func(status int, h textproto.MIMEHeader) error {
	n := 0
	return func(status int, h textproto.MIMEHeader) error {
		if n++; n > http1.MaxInformational {
			return http1.ErrInformational
		}
		return y.relay(status, h)
	}
}

// sendContinue sends the client 100 (Continue).
func (y *informationalRelay) sendContinue() {
	y.mu.Lock()
	defer y.mu.Unlock()
	if !y.hasEnded {
		y.w.WriteHeader(http.StatusContinue)
	}
}

// relay sends the client an informational response, in addition to the fields set by the
// site. 100 (Continue) is not relayed: see continuedBody.
func (y *informationalRelay) relay(status int, h textproto.MIMEHeader) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.hasEnded || !y.isHTTP11 || status == http.StatusContinue || status == http.StatusEarlyHints && !y.takesEarlyHints {
		return nil
	}
	fields := http.Header(h).Clone()
	header.RemoveHopByHop(fields)
	header.RemoveComposerFields(fields)
	delete(fields, "Content-Length") // RFC 9110 §8.6
	header := y.w.Header()
	before := maps.Clone(header)
	for name, values := range fields {
		if own, ok := before[name]; !ok {
			header[name] = values
		} else if name == "Link" {
			header[name] = slices.Concat(own, values)
		}
	}
	y.w.WriteHeader(status)
	clear(header)
	maps.Copy(header, before)
	return nil
}

// end ends the relaying.
func (y *informationalRelay) end() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.hasEnded = true
}

// continuedBody is the body of a request from a client that waits for 100 (Continue). The
// first Read sends 100 through the relay, because net/http would send it at any time,
// even during a write of the relay.
type continuedBody struct {
	io.ReadCloser
	relay *informationalRelay
	once  sync.Once
}

// Read reads from the body.
func (b *continuedBody) Read(p []byte) (int, error) {
	b.once.Do(b.relay.sendContinue)
	return b.ReadCloser.Read(p)
}
