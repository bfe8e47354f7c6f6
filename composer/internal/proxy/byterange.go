package proxy

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
)

// requestsPart reports whether a request is for a part of a document (RFC 9110 §14.2).
func requestsPart(r *http.Request, response *cache.Response) bool {
	return r.Method == http.MethodGet && response.Status == http.StatusOK && header.WantsRange(r)
}

// writePart answers a request for ranges of a document. The preconditions of the request
// are true, except possibly If-Range.
func writePart(w http.ResponseWriter, r *http.Request, response *cache.Response) {
	ranges, _ := header.ByteRanges(r)
	part := &http.Request{Method: r.Method, Header: make(http.Header)}
	if ifRangeHolds(r, response) {
		known, err := header.SatisfiableRanges(ranges, len(response.Body))
		if err != "" {
			w.Header().Set("Content-Range", "bytes */"+strconv.Itoa(len(response.Body)))
			http.Error(w, err, http.StatusRequestedRangeNotSatisfiable)
			return
		}
		part.Header["Range"] = []string{known}
	}
	modified, _ := header.ParseDate(response.Header.Get("Last-Modified"))
	w.Header().Del("Content-Length") // net/http counts the bytes it sends
	http.ServeContent(w, part, "", modified, bytes.NewReader(response.Body))
}

// ifRangeHolds reports whether If-Range is the strong validator of the document, or is
// absent (RFC 9110 §13.1.5).
func ifRangeHolds(r *http.Request, response *cache.Response) bool {
	condition := strings.TrimSpace(header.First(r.Header, "If-Range"))
	if condition == "" || strings.HasPrefix(condition, `"`) {
		return condition == "" || condition == response.Header.Get("Etag")
	}
	since, ok := header.ParseDate(condition)
	modified, known := header.ParseDate(response.Header.Get("Last-Modified"))
	return ok && known && since.Equal(modified)
}
