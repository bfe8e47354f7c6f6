package composer

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
)

// relay hands the informational responses to a request (RFC 9110 §15.2) to the
// visitor that it was made for, until that one is answered: the request may go
// on for others.
type relay struct {
	mu    sync.Mutex
	w     http.ResponseWriter
	ended bool
}

// inform is told of an informational response.
type inform = func(status int, h textproto.MIMEHeader) error

// maxInforming is how many informational responses there may be before the one
// that counts. Of those that somebody is told of, http.Transport takes any
// number.
const maxInforming = 100

var errInforming = errors.New("it informs without end")

// bounded tells of so many informational responses, and refuses the next.
func bounded(tell inform) inform {
	told := 0
	return func(status int, h textproto.MIMEHeader) error {
		if told++; told > maxInforming {
			return errInforming
		}
		return tell(status, h)
	}
}

// trace returns a context whose requests have their informational responses
// relayed. HTTP/1.0 has none.
func (y *relay) trace(r *http.Request) context.Context {
	if !r.ProtoAtLeast(1, 1) {
		return r.Context()
	}
	return httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{Got1xxResponse: bounded(y.pass)})
}

func (y *relay) pass(status int, h textproto.MIMEHeader) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.ended {
		return nil
	}
	informs := http.Header(h).Clone()
	endHop(informs)
	for name, values := range informs {
		y.w.Header()[name] = append(y.w.Header()[name], values...)
	}
	y.w.WriteHeader(status)
	for name, values := range informs {
		if rest := y.w.Header()[name]; len(rest) > len(values) {
			y.w.Header()[name] = rest[:len(rest)-len(values)]
		} else {
			delete(y.w.Header(), name)
		}
	}
	return nil
}

func (y *relay) end() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.ended = true
}
