package composer

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// An answer is kept and shown in no content coding, whatever it came in.

// decodedBody returns the body of an answer as its coding stands for it. The
// answer's header says no more that there is one.
func decodedBody(answer *response, res *http.Response) (io.ReadCloser, error) {
	coding := answer.header.get("Content-Encoding")
	if coding == "" {
		return res.Body, nil
	}
	body, err := decoded(coding, res.Body)
	if err != nil {
		return nil, err
	}
	answer.header = answer.header.without("Content-Encoding", "Content-Length")
	return &bodyDecoder{body, res.Body}, nil
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

// decodedBytes is decodedBody for a body that is there, which others may
// change. It fails if the result is larger than the limit.
func decodedBytes(answer *response, body []byte, limit int) ([]byte, error) {
	coding := answer.header.get("Content-Encoding")
	if coding == "" {
		return bytes.Clone(body), nil
	}
	reader, err := decoded(coding, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	answer.header = answer.header.without("Content-Encoding", "Content-Length")
	plain, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	if err == nil && len(plain) > limit {
		err = errTooLarge
	}
	return plain, err
}

// length is how long the body says that it is, in bytes; negative if it does
// not.
func (r *response) length() int {
	n, err := strconv.Atoi(r.header.get("Content-Length"))
	if err != nil {
		return -1
	}
	return n
}
