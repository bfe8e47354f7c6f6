package workload

import (
	"bytes"
	"strconv"
)

// MaxViews is the largest number of views on a page.
const MaxViews = 10

// DefaultViews is the default number of views on a page.
const DefaultViews = 8

// The sizes of a view, in bytes.
const (
	ViewSize      = 475 // a WebSocket message of the hub has 500 bytes then
	SmallViewSize = 175 // the state of a product's stock
)

// SwapAttribute is the attribute that the hub adds to the root element of each
// fragment in a message.
const SwapAttribute = ` hx-swap-oob="true"`

// AppendView appends a view as HTML of a size in bytes. The attributes are added
// to its root element; they are empty or begin with a space.
func AppendView(b []byte, attributes string, view int, revision int64, size int) []byte {
	const end = "</div>"
	start := len(b)
	b = append(b, "<div"+attributes+` id="view-`...)
	b = strconv.AppendInt(b, int64(view), 10)
	b = append(b, `" data-revision="`...)
	b = strconv.AppendInt(b, revision, 10)
	b = append(b, `">`...)
	if room := size - (len(b) - start) - len(end); room > 0 {
		b = append(b, filler[:min(room, len(filler))]...)
	}
	return append(b, end...)
}

// An Update is the revision of a view in a message.
type Update struct {
	View     int
	Revision int64
}

// Marks before the number of a view, and between the number and the revision.
// Each stands between quotes of any kind, because peers write HTML in JSON.
var (
	idMark       = []byte(`view-`)
	revisionMark = []byte(` data-revision=`)
)

// NextUpdate returns the first update in a message, and the rest of the message
// behind it. A view beyond all others is returned as MaxViews.
func NextUpdate(message []byte) (u Update, rest []byte, ok bool) {
	at := bytes.Index(message, idMark)
	if at < 0 {
		return Update{}, nil, false
	}
	view, rest := number(message[at+len(idMark):])
	const quote = 1
	if len(rest) < quote+len(revisionMark)+quote || !bytes.HasPrefix(rest[quote:], revisionMark) {
		return Update{}, nil, false
	}
	revision, rest := number(rest[quote+len(revisionMark)+quote:])
	return Update{int(min(view, MaxViews)), revision}, rest, true
}

// number reads the digits at the start of b, at most 18.
func number(b []byte) (n int64, rest []byte) {
	i := 0
	for ; i < min(len(b), 18) && '0' <= b[i] && b[i] <= '9'; i++ {
		n = 10*n + int64(b[i]-'0')
	}
	return n, b[i:]
}
