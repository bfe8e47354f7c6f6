//go:build linux

package pagebench

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"selvedge/cmd/bench/internal/process"
)

// proxyPackage is our program as users have it.
const proxyPackage = "selvedge/cmd/selvedge"

// buildProxy builds selvedge in a folder, and returns the name of the file.
func buildProxy(ctx context.Context, folder string) (string, error) {
	file := filepath.Join(folder, "selvedge")
	output, err := exec.CommandContext(ctx, "go", "build", "-o", file, proxyPackage).CombinedOutput() //nolint:gosec // our own package
	if err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", proxyPackage, err, output)
	}
	return file, nil
}

// startProxy starts selvedge proxy in front of an origin. It has no access log,
// as its peers have none.
func startProxy(ctx context.Context, program, folder, address, origin string) (*process.Daemon, error) {
	return process.StartDaemon(ctx, folder, address, program, "proxy", "http://"+origin, "--listen", address, "--quiet")
}
