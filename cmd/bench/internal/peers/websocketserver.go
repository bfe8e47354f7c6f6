package peers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A WebSocketServer is a program that takes the orders of the live command.
type WebSocketServer struct {
	Name string

	// Command returns the program, ready to start. The folder has its source;
	// the temporary folder takes what is built. It is an error if the machine
	// lacks a part.
	Command func(ctx context.Context, folder, temporary string) (*exec.Cmd, error)
}

// WebSocketServers returns the programs in the order of the table.
func WebSocketServers() []WebSocketServer {
	return []WebSocketServer{
		{Name: "Centrifuge", Command: centrifugeCommand},
		{Name: "ws of npm", Command: npmCommand},
	}
}

// centrifugeCommand builds the Go module in the folder.
func centrifugeCommand(ctx context.Context, folder, temporary string) (*exec.Cmd, error) {
	program := filepath.Join(temporary, "centrifuge")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, ".") //nolint:gosec // a folder of ours
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	return exec.CommandContext(ctx, program), nil //nolint:gosec // just built
}

// npmCommand runs the script in the folder with Node and the package ws, from
// the ignored folder .tools.
func npmCommand(ctx context.Context, folder, _ string) (*exec.Cmd, error) {
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
