package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A peer is a server of others that the hub is compared with.
type peer struct {
	name    string
	command func(ctx context.Context, folder, temporary string) (*exec.Cmd, error)
	missing string // why it cannot be measured here; empty: it can
	memory  []float64
	sent    []broadcast
}

// somePeers are those that there are programs of.
func somePeers() []*peer {
	return []*peer{
		{name: "Centrifuge", command: centrifugeServer},
		{name: "ws of npm", command: wsServer},
	}
}

// centrifugeServer builds the program of the folder, which is a module of its
// own.
func centrifugeServer(ctx context.Context, folder, temporary string) (*exec.Cmd, error) {
	program := filepath.Join(temporary, "centrifuge")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, ".") //nolint:gosec // a folder of ours
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	return exec.CommandContext(ctx, program), nil //nolint:gosec // just built
}

// wsServer runs a script with Node, which finds the package ws in the ignored
// folder .tools.
func wsServer(ctx context.Context, folder, _ string) (*exec.Cmd, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	packages, err := filepath.Abs(".tools")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(packages, "node_modules", "ws")); err != nil {
		return nil, err
	}
	script := filepath.Join(folder, "ws.mjs")
	return exec.CommandContext(ctx, node, "--expose-gc", script, packages+string(filepath.Separator)), nil //nolint:gosec // a folder of ours
}
