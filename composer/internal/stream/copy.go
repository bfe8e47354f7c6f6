package stream

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// ReadBuffer is how much of a body is read at once, in bytes.
const ReadBuffer = 32 << 10

// readBuffers are for bodies that are kept.
var readBuffers = sync.Pool{New: func() any { return new([ReadBuffer]byte) }}

// Fill writes the first bytes of a body, and then all that rest has. It returns when
// rest has ended, with the cause of the context's end rather than the error that this
// caused.
func (b *Body) Fill(ctx context.Context, first []byte, rest io.Reader) error {
	if _, err := b.Write(first); err != nil {
		return err
	}
	buffer := readBuffers.Get().(*[ReadBuffer]byte)
	defer readBuffers.Put(buffer)
	_, err := io.CopyBuffer(b, rest, buffer[:])
	if err == nil || errors.Is(err, ErrTooLarge) {
		return err
	}
	return cmp.Or(context.Cause(ctx), err)
}

// Pump is Fill for a body that may pass through. It then returns no sooner than its
// reader has read all.
func (b *Body) Pump(ctx context.Context, first []byte, rest io.Reader) error {
	buffer := make([]byte, ReadBuffer) // of no pool, because a reader may have a part of it when Pump returns
	for chunk := first; ; {
		if err := b.put(ctx, chunk); err != nil {
			return err
		}
		n, err := rest.Read(buffer)
		chunk = buffer[:n]
		if err != nil {
			if putErr := b.put(ctx, chunk); putErr != nil || err == io.EOF {
				return putErr
			}
			return cmp.Or(context.Cause(ctx), err)
		}
	}
}

// CopyTo writes all of the body to w while it arrives. It flushes w whenever it has to
// wait for more.
func (b *Body) CopyTo(ctx context.Context, w http.ResponseWriter) error {
	for offset := 0; ; {
		chunk, more, err := b.Next(offset)
		switch {
		case err != nil || chunk == nil && more == nil:
			return err
		case chunk != nil:
			offset += len(chunk)
			if _, err = w.Write(chunk); err != nil {
				return err
			}
			continue
		}
		if err = http.NewResponseController(w).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
