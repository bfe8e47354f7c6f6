package main

import (
	"bytes"
	"strconv"
	"strings"
)

// maxViews is how many views a page of the measurements has at most.
const maxViews = 10

// pageViews is how many views a page shows, unless said otherwise.
const pageViews = 8

// swap is what the hub adds to the root element of a fragment that it sends.
const swap = ` hx-swap-oob="true"`

// filler is what fragments say.
var filler = strings.Repeat("A mug of stoneware, glazed by hand in moss and cream; holds 0.35 litres. ", 1000)

// appendFragment appends a view as HTML of some size in bytes, with more
// attributes in its root element.
func appendFragment(b []byte, attributes string, view int, revision int64, size int) []byte {
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

// An update is one view in a message.
type update struct {
	view     int
	revision int64
}

// What stands before the number of a view, and between that and its revision.
// Any quotes may stand around both: peers write HTML in JSON.
var (
	idMark       = []byte(`view-`)
	revisionMark = []byte(` data-revision=`)
)

// nextUpdate returns the first update in a message, and what comes after it.
func nextUpdate(message []byte) (u update, rest []byte, ok bool) {
	at := bytes.Index(message, idMark)
	if at < 0 {
		return update{}, nil, false
	}
	view, rest := number(message[at+len(idMark):])
	const quote = 1
	if len(rest) < quote+len(revisionMark)+quote || !bytes.HasPrefix(rest[quote:], revisionMark) {
		return update{}, nil, false
	}
	revision, rest := number(rest[quote+len(revisionMark)+quote:])
	return update{int(min(view, maxViews)), revision}, rest, true
}

// number reads the digits that b begins with, up to 18 of them.
func number(b []byte) (n int64, rest []byte) {
	i := 0
	for ; i < min(len(b), 18) && '0' <= b[i] && b[i] <= '9'; i++ {
		n = 10*n + int64(b[i]-'0')
	}
	return n, b[i:]
}
