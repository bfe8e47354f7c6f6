package hub

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// rendered is a view as it was fetched once. Its messages are made when the
// first connection needs them, once for all.
type rendered struct {
	Fragment
	version      int64
	changeNumber uint32       // of the view's changes, from 1
	date         atomic.Int64 // the view is known to be like this at that time, in Unix nanoseconds
	rootElement  rootElement  // of an HTML body
	lastRestyle  uint32       // the last of these numbers with other stylesheets than the one before; 0: none
	prepared     [encodings]struct {
		once         sync.Once
		frame        []byte // a WebSocket message; nil: nothing to be sent in this form
		payloadStart int
	}
}

// A form is how the fragments of a view reach a connection.
type encoding uint8

const (
	swapTrue        encoding = iota // HTML with hx-swap-oob="true"
	swapMorph                       // HTML with hx-swap-oob="outerMorph"
	protocolMessage                 // what the Protocol makes of it
	withStyles                      // added to the first two: with the stylesheets that are needed
	_
	encodings
)

// newRendered checks that clients can use the fragment, which has a date.
func newRendered(f Fragment) (*rendered, error) {
	r := &rendered{Fragment: f}
	r.date.Store(f.Date.UnixNano())
	if r.ETag == "" {
		sum := sha256.Sum256(f.Body)
		r.ETag = base64.RawStdEncoding.EncodeToString(sum[:12])
	}
	var err error
	if !r.isJSON() {
		r.rootElement, err = findRootElement(f.Body)
	}
	return r, err
}

func (r *rendered) isJSON() bool { return strings.Contains(r.ContentType, "json") }

func (r *rendered) olderThan(last *rendered) bool {
	return last != nil && r.precedes(last.Epoch, last.Revision)
}

// precedes reports whether r is older than a revision of an epoch: not if it
// has none, nor if its epoch is another one.
func (r *rendered) precedes(epoch string, revision int64) bool {
	return r.Epoch == epoch && r.Revision != 0 && r.Revision < revision
}

// mayPrecede says whether what a page shows of the view may be later than r.
// Revisions decide where both have one of the same epoch and they differ;
// otherwise another ETag is later unless r is known to be from after it.
func (r *rendered) mayPrecede(s Shown) bool {
	switch {
	case s.ETag == "" || s.ETag == r.ETag:
		return false
	case r.Epoch == s.Epoch && r.Revision != 0 && s.Revision != 0 && r.Revision != s.Revision:
		return r.Revision < s.Revision
	}
	return r.mayDateBefore(s.Date)
}

// mayDateBefore says whether r may be from before a time that is not zero.
func (r *rendered) mayDateBefore(t time.Time) bool {
	return !t.IsZero() && r.date.Load() < t.UnixNano()
}

// encodedFrame returns the WebSocket message of the view in a form, and where its
// payload starts in it.
func (h *Hub) encodedFrame(v *view, r *rendered, e encoding) (frame []byte, start int) {
	p := &r.prepared[e]
	p.once.Do(func() {
		payload := h.encodePayload(v, r, e)
		if payload == nil {
			return
		}
		p.frame = textFrame(payload)
		p.payloadStart = len(p.frame) - len(payload)
	})
	return p.frame, p.payloadStart
}

func (h *Hub) encodePayload(v *view, r *rendered, e encoding) []byte {
	switch {
	case e == protocolMessage && r.isJSON():
		var payload []byte
		var err error
		if h.callRecovering("encode", func() { payload, err = h.options.Protocol.Encode(v.View, r.Fragment, r.version) }) != nil {
			return nil
		}
		if err != nil {
			h.options.Logger.Error("encode view", "reference", v.Reference, "error", err)
			return nil
		}
		return payload
	case e == swapTrue && !r.isJSON():
		return r.rootElement.withSwap(r.Body, "true")
	case e == swapMorph && !r.isJSON():
		return r.rootElement.withSwap(r.Body, "outerMorph")
	case e >= withStyles:
		return append(r.stylesheetLinks(), h.encodePayload(v, r, e-withStyles)...)
	}
	return nil
}

// stylesheetLinks returns an element that is swapped out of band into the page's
// head.
func (r *rendered) stylesheetLinks() []byte {
	b := []byte(`<div id="live-styles" hx-swap-oob="beforeend:head">`)
	for _, style := range r.Styles {
		b = fmt.Appendf(b, `<link rel="stylesheet" href="%s">`, html.EscapeString(style))
	}
	return append(b, "</div>"...)
}

// encodingFor returns the form in which a connection that has the change of a number
// is sent r: with stylesheets if its page showed nothing of the view, or was
// made with others.
func (r *rendered) encodingFor(e encoding, number uint32, isNew bool) encoding {
	if e != protocolMessage && len(r.Styles) > 0 && !r.isJSON() && (isNew || number < r.lastRestyle) {
		return e + withStyles
	}
	return e
}
