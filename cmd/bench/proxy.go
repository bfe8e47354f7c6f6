//go:build linux

package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"selvedge/cmd/bench/internal/process"
)

// proxyPackage is the program that is ours as users have it.
const proxyPackage = "selvedge/cmd/selvedge"

// buildProxy builds selvedge in a folder, and returns the file's name.
func buildProxy(ctx context.Context, folder string) (string, error) {
	file := filepath.Join(folder, "selvedge")
	output, err := exec.CommandContext(ctx, "go", "build", "-o", file, proxyPackage).CombinedOutput() //nolint:gosec // our own package
	if err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", proxyPackage, err, output)
	}
	return file, nil
}

// startProxy starts selvedge proxy before an origin, without an access log, as
// its peers have none.
func startProxy(ctx context.Context, program, folder, address, origin string) (*process.Daemon, error) {
	return process.StartDaemon(ctx, folder, address, program, "proxy", "http://"+origin, "--listen", address, "--quiet")
}
