package composer

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"selvedge/composer/internal/header"
)

// asksForPart reports whether a request is to be answered with a part of a
// document.
func asksForPart(r *http.Request, answer *response) bool {
	return r.Method == http.MethodGet && answer.status == http.StatusOK && header.WantsRange(r)
}

// servePart answers a request for ranges of a document, whose preconditions hold
// already, except for If-Range.
func servePart(w http.ResponseWriter, r *http.Request, answer *response) {
	ranges, _ := header.ByteRanges(r)
	part := &http.Request{Method: r.Method, Header: make(http.Header)}
	if ifRangeHolds(r, answer) {
		known, err := header.SatisfiableRanges(ranges, len(answer.body))
		if err != "" {
			w.Header().Set("Content-Range", "bytes */"+strconv.Itoa(len(answer.body)))
			http.Error(w, err, http.StatusRequestedRangeNotSatisfiable)
			return
		}
		part.Header["Range"] = []string{known}
	}
	modified, _ := header.ParseDate(answer.header.Get("Last-Modified"))
	w.Header().Del("Content-Length") // net/http counts what leaves
	http.ServeContent(w, part, "", modified, bytes.NewReader(answer.body))
}

// ifRangeHolds reports whether a part that a request has is one of this document
// (RFC 9110 §13.1.5): its If-Range is the strong validator, or is not there.
func ifRangeHolds(r *http.Request, answer *response) bool {
	condition := strings.TrimSpace(header.First(r.Header, "If-Range"))
	if condition == "" || strings.HasPrefix(condition, `"`) {
		return condition == "" || condition == answer.header.Get("Etag")
	}
	since, ok := header.ParseDate(condition)
	modified, known := header.ParseDate(answer.header.Get("Last-Modified"))
	return ok && known && since.Equal(modified)
}
