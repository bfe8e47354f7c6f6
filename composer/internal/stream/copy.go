package stream

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// ReadBuffer is the size of the buffer for reading a body, in bytes.
const ReadBuffer = 32 << 10

// readBuffers holds the buffers of Fill.
var readBuffers = sync.Pool{New: func() any { return new([ReadBuffer]byte) }}

// Fill writes first and then everything read from rest to the body. It returns at the end
// of rest. If reading fails because the context has ended, the error is the context's
// cause.
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

// Pump is Fill for a body that may pass through. After the body has begun to pass
// through, Pump waits until the reader has read each chunk or the context has ended.
func (b *Body) Pump(ctx context.Context, first []byte, rest io.Reader) error {
	buffer := make([]byte, ReadBuffer) // from no pool, because a reader may still use it when Pump returns
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

// CopyTo writes all of the body to w while it arrives. It flushes w before each wait for
// more bytes.
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
