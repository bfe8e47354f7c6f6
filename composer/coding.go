package composer

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"selvedge/composer/internal/header"
)

// An answer is kept and shown in no content coding, whatever it came in.

// isNoCoding reports whether a content coding, in small letters, changes no
// bytes. Some senders put there what belongs elsewhere: none, the label of a
// charset, or a transfer encoding of MIME (RFC 2045 §6.1).
func isNoCoding(name string) bool {
	switch name {
	case "", "identity", "none", "7bit", "8bit", "binary":
		return true
	}
	_, err := htmlindex.Get(name)
	return err == nil
}

// warnNoCoding logs a warning if an answer names a content coding that is none.
func (c *Composer) warnNoCoding(q *query, h http.Header) {
	for name := range strings.SplitSeq(header.ContentCoding(h), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && name != "identity" && isNoCoding(name) {
			c.warnOnce(q, "an answer has a Content-Encoding that is none, and is read as it is", slog.String("coding", name))
		}
	}
}

// readable leaves, of the codings that somebody takes who asks for HTML, those
// that we can read: HTML may be a template, and that has to be read. All else
// may come in any coding.
func readable(h http.Header) {
	if len(h["Accept-Encoding"]) == 0 || !slices.ContainsFunc(h["Accept"], func(line string) bool { return strings.Contains(line, "text/html") }) {
		return
	}
	var kept []string
	for element := range strings.SplitSeq(strings.Join(h["Accept-Encoding"], ","), ",") {
		name, _, _ := strings.Cut(element, ";")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "identity" || decoders[name] != nil {
			kept = append(kept, strings.TrimSpace(element))
		}
	}
	if kept == nil {
		kept = []string{"identity"} // without the field, any coding would do
	}
	h["Accept-Encoding"] = []string{strings.Join(kept, ", ")}
}

// isReadable reports whether we can read an answer with this header.
func isReadable(h http.Header) bool {
	_, err := decoded(header.ContentCoding(h), http.NoBody)
	return err == nil
}

// decodedBody returns the body of an answer as its coding stands for it, which
// may have so many bytes at most. The answer's header says no more that there
// is one.
func decodedBody(answer *response, res *http.Response, limit int) (io.ReadCloser, error) {
	coding := header.ContentCoding(res.Header)
	if coding == "" {
		return res.Body, nil
	}
	body, err := decoded(coding, &limitedReader{res.Body, limit + codingSlack})
	if err != nil {
		return nil, err
	}
	answer.header = answer.header.Without("Content-Encoding", "Content-Length")
	return &bodyDecoder{body, res.Body}, nil
}

// codingSlack is how much more than what it stands for a body may have in its
// coding, in bytes: headers, and blocks of what does not get smaller.
const codingSlack = 64 << 10

// limitedReader fails once more than so many bytes are read. A body may be
// endless and stand for nothing: a coding has blocks without text.
type limitedReader struct {
	io.Reader
	left int
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p[:min(len(p), l.left+1)])
	if l.left -= n; l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// bodyDecoder closes both a decoder and what it reads.
type bodyDecoder struct {
	io.ReadCloser
	body io.Closer
}

func (d *bodyDecoder) Close() error {
	_ = d.ReadCloser.Close()
	return d.body.Close()
}

// decodedBytes is decodedBody for a body that is there. It fails if the result is
// larger than the limit.
func decodedBytes(answer *response, h http.Header, body []byte, limit int) ([]byte, error) {
	coding := header.ContentCoding(h)
	if coding == "" {
		return body, nil
	}
	reader, err := decoded(coding, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	answer.header = answer.header.Without("Content-Encoding", "Content-Length")
	plain, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	if err == nil && len(plain) > limit {
		err = errTooLarge
	}
	return plain, err
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
