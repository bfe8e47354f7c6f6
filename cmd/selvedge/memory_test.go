package main

import (
	"io"
	"strings"
	"testing"
)

func TestMemoryThatIsTooLittle(t *testing.T) {
	var stderr lockedBuffer
	code := run(t.Context(), []string{"selvedge", "serve", "--data", ":memory:", "--listen", "127.0.0.1:0", "--memory", "64"}, strings.NewReader(""), io.Discard, &stderr)
	if code != exitUsage || !strings.Contains(stderr.String(), "--cache-size 64, which needs 144 at least") {
		t.Errorf("--memory 64 ends with %d and %q; want %d, and what it needs", code, stderr.String(), exitUsage)
	}
}
