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

// rendered is the result of a fetch of a view. A frame is encoded when the
// first connection needs it, once for all connections.
type rendered struct {
	Fragment
	version      int64
	changeNumber uint32       // of the view's changes, from 1
	date         atomic.Int64 // latest time at which the view is known to be like this, in Unix nanoseconds
	rootElement  rootElement  // of an HTML body
	lastRestyle  uint32       // changeNumber of the last change of stylesheets; 0: none
	prepared     [encodings]struct {
		once         sync.Once
		frame        []byte // a WebSocket message; nil: not sent in this encoding
		payloadStart int
	}
}

// An encoding is the form in which a connection is sent fragments.
type encoding uint8

const (
	swapTrue        encoding = iota // HTML with hx-swap-oob="true"
	swapMorph                       // HTML with hx-swap-oob="outerMorph"
	protocolMessage                 // the result of Protocol.Encode
	withStyles                      // added to the first two: preceded by stylesheets
	_
	encodings
)

// newRendered returns the rendering of a fragment with a date, or an error if
// clients cannot use the fragment.
func newRendered(f Fragment) (*rendered, error) {
	r := &rendered{Fragment: f}
	r.date.Store(f.Date.UnixNano())
	if r.ETag == "" {
		sum := sha256.Sum256(f.Body)
		r.ETag = base64.RawStdEncoding.EncodeToString(sum[:12])
	}
	var err error
	if !r.isForProtocol() {
		r.rootElement, err = findRootElement(f.Body)
	}
	return r, err
}

// isForProtocol reports whether only connections of the JSON protocol are sent
// the rendering.
func (r *rendered) isForProtocol() bool {
	return r.ProtocolOnly || strings.Contains(r.ContentType, "json")
}

func (r *rendered) olderThan(last *rendered) bool {
	return last != nil && r.precedes(last.Epoch, last.Revision)
}

// precedes reports whether r is older than a revision of an epoch. It is not if
//   - r has no revision, or
//   - r is of another epoch.
func (r *rendered) precedes(epoch string, revision int64) bool {
	return r.Epoch == epoch && r.Revision != 0 && r.Revision < revision
}

// mayPrecede reports whether the page may show a later rendering than r.
//   - Different revisions of the same epoch decide.
//   - Otherwise a page with another ETag may be later, unless r is known to be
//     from after s.Date.
func (r *rendered) mayPrecede(s Shown) bool {
	switch {
	case s.ETag == "" || s.ETag == r.ETag:
		return false
	case r.Epoch == s.Epoch && r.Revision != 0 && s.Revision != 0 && r.Revision != s.Revision:
		return r.Revision < s.Revision
	}
	return r.mayDateBefore(s.Date)
}

// mayDateBefore reports whether r may be from before t. A zero t is before
// everything.
func (r *rendered) mayDateBefore(t time.Time) bool {
	return !t.IsZero() && r.date.Load() < t.UnixNano()
}

// encodedFrame returns the WebSocket message of the view in an encoding, and
// the offset of its payload.
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
	case e == protocolMessage && r.isForProtocol():
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
	case e == swapTrue && !r.isForProtocol():
		return r.rootElement.withSwap(r.Body, "true")
	case e == swapMorph && !r.isForProtocol():
		return r.rootElement.withSwap(r.Body, "outerMorph")
	case e >= withStyles:
		return append(r.stylesheetLinks(), h.encodePayload(v, r, e-withStyles)...)
	}
	return nil
}

// stylesheetLinks returns an element that is swapped out of band into the
// page's head.
func (r *rendered) stylesheetLinks() []byte {
	b := []byte(`<div id="live-styles" hx-swap-oob="beforeend:head">`)
	for _, style := range r.Styles {
		b = fmt.Appendf(b, `<link rel="stylesheet" href="%s">`, html.EscapeString(style))
	}
	return append(b, "</div>"...)
}

// encodingFor returns the encoding of r for a connection that was sent the
// change of this number last. It includes stylesheets if
//   - the page showed nothing of the view, or
//   - the stylesheets have changed since.
func (r *rendered) encodingFor(e encoding, number uint32, isNew bool) encoding {
	if e != protocolMessage && len(r.Styles) > 0 && !r.isForProtocol() && (isNew || number < r.lastRestyle) {
		return e + withStyles
	}
	return e
}
