package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// compareTime is how long a page may take that is compared.
const compareTime = 10 * time.Second

// compare asks for a page twice, so that it is once a stored one where pages
// are stored, and returns how it differs from what it has to be.
func compare(ctx context.Context, url string, want []byte) error {
	client := &http.Client{Timeout: compareTime, Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for range 2 {
		if err := comparePage(ctx, client, url, want); err != nil {
			return err
		}
	}
	return nil
}

func comparePage(ctx context.Context, client *http.Client, url string, want []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return err
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("status %d", answer.StatusCode)
	case !bytes.Equal(body, want):
		return fmt.Errorf("%d bytes, which differ from the %d of the page at byte %d", len(body), len(want), firstDifference(body, want))
	}
	return nil
}

// firstDifference is where two texts differ first, which are not the same.
func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
