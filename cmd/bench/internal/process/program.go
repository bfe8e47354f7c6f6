package process

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
)

// FindProgram returns the file of a program, from the PATH or from the folders
// where Debian has servers. The error is [exec.ErrNotFound] if there is none.
func FindProgram(name string) (string, error) {
	file, err := exec.LookPath(name)
	if !errors.Is(err, exec.ErrNotFound) {
		return file, err
	}
	for _, folder := range []string{"/usr/sbin", "/usr/local/sbin"} {
		if file, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return file, nil
		}
	}
	return "", err
}

// FreeAddress returns a loopback address with a port that is not in use.
func FreeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
