package loadgen

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// verifyTimeout is the longest wait for a response that is verified.
const verifyTimeout = 10 * time.Second

// Verify requests a page twice, so that the second response comes from a cache
// if there is one. It returns an error if a response
//
//   - is not complete within ten seconds,
//   - has another status than 200, or
//   - has another body: the error says at which byte.
func Verify(ctx context.Context, url string, want []byte) error {
	client := &http.Client{Timeout: verifyTimeout, Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for range 2 {
		if err := verifyOnce(ctx, client, url, want); err != nil {
			return err
		}
	}
	return nil
}

func verifyOnce(ctx context.Context, client *http.Client, url string, want []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("status %d", response.StatusCode)
	case !bytes.Equal(body, want):
		return fmt.Errorf("%d bytes, which differ from the %d of the page at byte %d", len(body), len(want), firstDifference(body, want))
	}
	return nil
}

// firstDifference returns the index of the first byte that differs, or the
// length of the shorter text.
func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
