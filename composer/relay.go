package composer

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sync"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/http1"
)

// relay hands the informational responses to a request (RFC 9110 §15.2) to the
// visitor that it was made for, until that one is answered: the request may go
// on for others.
//
// HTTP/1.0 has no informational responses, and 103 Early Hints reach only those
// who take them (see Options.EarlyHints).
type relay struct {
	w          http.ResponseWriter
	informs    bool // the visitor's protocol has informational responses
	earlyHints bool // the visitor takes 103

	mu    sync.Mutex
	ended bool
}

// newRelay returns a relay to the visitor of a request.
func (c *Composer) newRelay(w http.ResponseWriter, r *http.Request) *relay {
	return &relay{w: w, informs: r.ProtoAtLeast(1, 1), earlyHints: c.takesEarlyHints(r)}
}

// trace returns a context whose requests have their informational responses
// relayed.
func (y *relay) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: y.pass})
}

// bounded is pass for http.Transport, which takes any number of informational
// responses if somebody is told of them.
func (y *relay) bounded() func(status int, h textproto.MIMEHeader) error {
	told := 0
	return func(status int, h textproto.MIMEHeader) error {
		if told++; told > http1.MaxInformational {
			return http1.ErrInformational
		}
		return y.pass(status, h)
	}
}

// proceed tells the visitor to send the body of the request.
func (y *relay) proceed() {
	y.mu.Lock()
	defer y.mu.Unlock()
	if !y.ended {
		y.w.WriteHeader(http.StatusContinue)
	}
}

// pass relays an informational response. Its fields stand beside those that the
// site has set already, and leave them as they are. 100 Continue is for who
// sends the body (see expectedBody).
func (y *relay) pass(status int, h textproto.MIMEHeader) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.ended || !y.informs || status == http.StatusContinue || status == http.StatusEarlyHints && !y.earlyHints {
		return nil
	}
	informs := http.Header(h).Clone()
	header.RemoveHopByHop(informs)
	header.RemoveComposerFields(informs)
	delete(informs, "Content-Length") // RFC 9110 §8.6
	header := y.w.Header()
	before := maps.Clone(header)
	for name, values := range informs {
		if ours, ok := before[name]; !ok {
			header[name] = values
		} else if name == "Link" {
			header[name] = slices.Concat(ours, values)
		}
	}
	y.w.WriteHeader(status)
	clear(header)
	maps.Copy(header, before)
	return nil
}

// end ends the relaying.
func (y *relay) end() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.ended = true
}
