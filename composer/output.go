package composer

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
)

// outputBuffer is how much of a page is kept back at most, in bytes, while
// nothing has to be waited for.
const outputBuffer = 64 << 10

// output is the way of a page to its browser. Bytes are kept back until the
// page has to wait for something, so that a page which is ready leaves in one
// piece and with its length.
type output struct {
	w         http.ResponseWriter
	header    http.Header // sent with the first byte, beside what w has
	status    int
	timings   *timings
	buffer    bytes.Buffer
	committed bool // the status has left
	sheet     sheet
	head      bool // the page's head has its styles
}

func (o *output) Write(p []byte) (int, error) {
	if o.buffer.Len()+len(p) > outputBuffer {
		if err := o.send(); err != nil {
			return 0, err
		}
	}
	return o.buffer.Write(p)
}

// flush sends what there is to the browser.
func (o *output) flush() error {
	if o.buffer.Len() == 0 {
		return nil
	}
	if err := o.send(); err != nil {
		return err
	}
	err := http.NewResponseController(o.w).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil // the page is late then, and complete
	}
	return err
}

// wait waits until done is closed. What there is leaves before.
func (o *output) wait(done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	if err := o.flush(); err != nil {
		return err
	}
	<-done
	return nil
}

func (o *output) send() error {
	o.commit()
	_, err := o.w.Write(o.buffer.Bytes())
	o.buffer.Reset()
	return err
}

func (o *output) commit() {
	if o.committed {
		return
	}
	o.committed = true
	sendHeader(o.w.Header(), o.header)
	if timing := o.timings.String(); timing != "" {
		o.w.Header().Set("Server-Timing", timing)
	}
	o.w.WriteHeader(o.status)
}

// finish sends the rest. A page that left in pieces brings its final timings
// in a trailer.
func (o *output) finish() error {
	if o.committed {
		o.w.Header().Set(http.TrailerPrefix+"Server-Timing", o.timings.String())
	} else {
		o.header.Set("Content-Length", strconv.Itoa(o.buffer.Len()))
	}
	return o.send()
}
