package composer

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// An answer is kept and shown in no content coding, whatever it came in.

// warnNoCoding logs a warning if an answer names a content coding that is none.
func (c *Composer) warnNoCoding(q *query, h http.Header) {
	for name := range strings.SplitSeq(header.ContentCoding(h), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && name != "identity" && encoding.IsIdentity(name) {
			c.warnOnce(q, "an answer has a Content-Encoding that is none, and is read as it is", slog.String("coding", name))
		}
	}
}

// decode returns the body of the answer with its content codings removed, of which
// its header says nothing any more.
func (r *response) decode(res *http.Response, limit int) (io.ReadCloser, error) {
	coding := header.ContentCoding(res.Header)
	body, err := encoding.DecodeBody(coding, res.Body, limit)
	if err == nil {
		r.dropCoding(coding)
	}
	return body, err
}

func (r *response) dropCoding(coding string) {
	if coding != "" {
		r.header = r.header.Without("Content-Encoding", "Content-Length")
	}
}

// fitted returns bytes that keep little more memory than they need.
func fitted(b []byte) []byte {
	if len(b)+len(b)/8 < cap(b) {
		return bytes.Clone(b)
	}
	return b
}

// length is how long the body says that it is, in bytes; negative if it does
// not.
func (r *response) length() int {
	n, err := strconv.Atoi(r.header.Get("Content-Length"))
	if err != nil {
		return -1
	}
	return n
}
