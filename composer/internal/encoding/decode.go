package encoding

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Decode returns a reader of body without its content codings. encoding is the value
// of Content-Encoding, with its lines joined by commas (RFC 9110 §8.4). The error is
// an ErrCoding with the value if a coding is unknown, or there are more than
// maxCodings. A coding without effect is skipped.
//
//   - Nothing is read before the first Read, and then only the input that the Read
//     needs: a caller that stops at a limit has decoded at most a block too much.
//   - A body that is malformed, truncated or followed by further bytes ends with an
//     error different from io.EOF.
//   - An empty body is empty in every coding, because responses without a body often
//     keep the field.
//
// The reader must be closed, which leaves the body open.
func Decode(encoding string, body io.Reader) (io.ReadCloser, error) {
	var codings []string
	for name := range strings.SplitSeq(encoding, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if IsIdentity(name) {
			continue
		}
		if _, ok := decoders[name]; !ok || len(codings) == maxCodings {
			return nil, fmt.Errorf("%w: %.40q", ErrCoding, encoding)
		}
		codings = append(codings, name)
	}
	result := io.NopCloser(body)
	for _, name := range slices.Backward(codings) {
		result = &decodingReader{coding: name, source: result}
	}
	return result, nil
}

// maxCodings bounds the content codings of a response, each around the previous
// coding. A body compressed by two parties has two.
const maxCodings = 2

// decodingReader is a body with one coding removed.
type decodingReader struct {
	coding string
	source io.ReadCloser
	pooled *pooledDecoder // nil before the first Read, and after Close
	err    error          // returned by every further Read
}

func (d *decodingReader) Read(p []byte) (int, error) {
	if d.err != nil || len(p) == 0 {
		return 0, d.err
	}
	n, err := d.read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // an error that wraps io.EOF is not the end
		err = fmt.Errorf("decoding %s: %w", d.coding, err)
	}
	d.err = err
	return n, err
}

func (d *decodingReader) read(p []byte) (int, error) {
	if d.pooled == nil {
		d.pooled = getDecoder(d.coding, d.source)
		if _, err := d.pooled.body.Peek(1); err != nil {
			return 0, err
		}
		if err := d.pooled.decoder.reset(d.pooled.body); err != nil {
			return 0, err
		}
	}
	n, err := d.pooled.decoder.Read(p)
	if err == io.EOF { //nolint:errorlint // an error that wraps io.EOF is not the end
		err = d.pooled.atEnd()
	}
	return n, err
}

// Close gives the decoders back. It may be called more than once.
func (d *decodingReader) Close() error {
	d.err = http.ErrBodyReadAfterClose
	if d.pooled != nil {
		d.pooled.put(d.coding)
		d.pooled = nil
	}
	return d.source.Close()
}

// pooledDecoder is a decoder for one body, and the body's bytes not read by the
// decoder.
type pooledDecoder struct {
	body    *bufio.Reader
	decoder decoder
}

func getDecoder(coding string, body io.Reader) *pooledDecoder {
	l := decoders[coding].Get().(*pooledDecoder)
	l.body.Reset(body)
	return l
}

func (l *pooledDecoder) put(coding string) {
	l.body.Reset(nil)
	decoders[coding].Put(l)
}

// atEnd returns io.EOF if the body ends where its decoder does, or else errTrailing.
func (l *pooledDecoder) atEnd() error {
	if _, err := l.body.Peek(1); err != nil {
		return err
	}
	return errTrailing
}
