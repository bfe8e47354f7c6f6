package encoding

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// IsReadable reports whether we can read an answer with this header.
func IsReadable(h http.Header) bool {
	_, err := Decode(header.ContentCoding(h), http.NoBody)
	return err == nil
}

// DecodeBody returns a body with its content codings removed. Closing the result
// closes the body. Reading fails with stream.ErrTooLarge if a body is much larger in its
// codings than the limit, in bytes, of what it stands for.
func DecodeBody(coding string, body io.ReadCloser, limit int) (io.ReadCloser, error) {
	if coding == "" {
		return body, nil
	}
	plain, err := Decode(coding, &limitedReader{body, limit + codingSlack})
	if err != nil {
		return nil, err
	}
	return &bodyDecoder{plain, body}, nil
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
		return 0, stream.ErrTooLarge
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

// DecodeBytes is DecodeBody for a body that is there. It fails if the result is
// larger than the limit.
func DecodeBytes(coding string, body []byte, limit int) ([]byte, error) {
	if coding == "" {
		return body, nil
	}
	reader, err := Decode(coding, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	plain, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	if err == nil && len(plain) > limit {
		err = stream.ErrTooLarge
	}
	return plain, err
}

var (
	ErrCoding = errors.New("the answer has a content encoding that was not asked for")
)
