package composer

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

// decoded returns what a body stands for that is in these content codings, the
// value of Content-Encoding with its lines joined by commas (RFC 9110 §8.4).
// A coding that we do not read is an errEncoded that names it; one that changes
// no bytes is skipped.
//
// Nothing is read before the first Read, and then no more than is needed to
// answer it: whoever stops at a limit has inflated a block too much at most. A
// body that is broken, cut off or followed by more ends with an error, never
// with io.EOF. One of no bytes is empty in every coding, since answers without
// a body often keep the field.
//
// The reader must be closed, which leaves the body itself open.
func decoded(encoding string, body io.Reader) (io.ReadCloser, error) {
	var codings []string
	for name := range strings.SplitSeq(encoding, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if isNoCoding(name) {
			continue
		}
		if _, ok := decoders[name]; !ok || len(codings) == maxCodings {
			return nil, fmt.Errorf("%w: %.40q", errEncoded, encoding)
		}
		codings = append(codings, name)
	}
	result := io.NopCloser(body)
	for _, name := range slices.Backward(codings) {
		result = &decoding{coding: name, source: result}
	}
	return result, nil
}

// decoding is a body on its way through one decoder.
type decoding struct {
	coding string
	source io.ReadCloser
	loan   *loan // nil before the first Read, and after Close
	err    error // what every further Read answers
}

func (d *decoding) Read(p []byte) (int, error) {
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

func (d *decoding) read(p []byte) (int, error) {
	if d.loan == nil {
		d.loan = borrow(d.coding, d.source)
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
func (d *decoding) Close() error {
	d.err = http.ErrBodyReadAfterClose
	if d.loan != nil {
		d.loan.giveBack(d.coding)
		d.loan = nil
	}
	return d.source.Close()
}

// loan is a decoder for one body, and the body's bytes that it has not taken.
type loan struct {
	body    *bufio.Reader
	decoder decoder
}

func borrow(coding string, body io.Reader) *loan {
	l := decoders[coding].Get().(*loan)
	l.body.Reset(body)
	return l
}

func (l *loan) giveBack(coding string) {
	l.body.Reset(nil)
	decoders[coding].Put(l)
}

// atEnd returns io.EOF if the body ends where its decoder does.
func (l *loan) atEnd() error {
	if _, err := l.body.Peek(1); err != nil {
		return err
	}
	return errTrailing
}
