package encoding

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// maxCodings is how many content codings an answer may have, one around the
// other. A body that was compressed by two parties has two.
const maxCodings = 2

// Decode returns what a body stands for that is in these content codings, the
// value of Content-Encoding with its lines joined by commas (RFC 9110 §8.4).
// A coding that we do not read is an ErrCoding that names it; one that changes
// no bytes is skipped.
//
// Nothing is read before the first Read, and then no more than is needed to
// answer it: whoever stops at a limit has inflated a block too much at most. A
// body that is broken, cut off or followed by more ends with an error, never
// with io.EOF. One of no bytes is empty in every coding, since answers without
// a body often keep the field.
//
// The reader must be closed, which leaves the body itself open.
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

// decodingReader is a body on its way through one decoder.
type decodingReader struct {
	coding string
	source io.ReadCloser
	loan   *pooledDecoder // nil before the first Read, and after Close
	err    error          // what every further Read answers
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
	if d.loan == nil {
		d.loan = getDecoder(d.coding, d.source)
		if _, err := d.loan.body.Peek(1); err != nil {
			return 0, err
		}
		if err := d.loan.decoder.reset(d.loan.body); err != nil {
			return 0, err
		}
	}
	n, err := d.loan.decoder.Read(p)
	if err == io.EOF { //nolint:errorlint // an error that wraps io.EOF is not the end
		err = d.loan.atEnd()
	}
	return n, err
}

// Close gives the decoders back. It may be called more than once.
func (d *decodingReader) Close() error {
	d.err = http.ErrBodyReadAfterClose
	if d.loan != nil {
		d.loan.put(d.coding)
		d.loan = nil
	}
	return d.source.Close()
}

// pooledDecoder is a decoder for one body, and the body's bytes that it has not taken.
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

// atEnd returns io.EOF if the body ends where its decoder does.
func (l *pooledDecoder) atEnd() error {
	if _, err := l.body.Peek(1); err != nil {
		return err
	}
	return errTrailing
}
