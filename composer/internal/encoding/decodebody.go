package encoding

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// DecodeBody returns a body with its content codings removed. Closing the result
// closes the body. limit is the allowed length of the decoded body, in bytes: reading
// fails with stream.ErrTooLarge if the encoded body is more than codingSlack longer. The
// caller bounds the decoded body itself. The error is ErrCoding.
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

// DecodeBytes is DecodeBody for a body in memory. The error is stream.ErrTooLarge if the
// result is longer than limit, in bytes.
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

// IsReadable reports whether Decode can remove the content codings of a response.
func IsReadable(h http.Header) bool {
	_, err := Decode(header.ContentCoding(h), http.NoBody)
	return err == nil
}

// ErrCoding is the error of a body with a content coding that Decode cannot remove.
var ErrCoding = errors.New("the answer has a content encoding that was not asked for")

// codingSlack is the allowed excess of an encoded body over the limit of the decoded
// body, in bytes: headers, and blocks of incompressible bytes.
const codingSlack = 64 << 10

// limitedReader fails with stream.ErrTooLarge after its limit. A body may be endless and
// decode to nothing, because a coding has blocks without text.
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

// bodyDecoder closes both a decoder and its body.
type bodyDecoder struct {
	io.ReadCloser
	body io.Closer
}

func (d *bodyDecoder) Close() error {
	_ = d.ReadCloser.Close()
	return d.body.Close()
}
