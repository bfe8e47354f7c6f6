package dev

import (
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// A Command starts the server of a fragment.
type Command struct {
	Name    string   // of the fragment
	Args    []string // the program, and its arguments
	Dir     string   // the working directory
	Address string   // host and port at which the server listens; empty: of a program that is no server

	// Watch are patterns of path.Match for the names of the files whose changes start the
	// command again. Default: all files. Without a pattern, as in []string{}, the command
	// starts itself again.
	Watch []string
}

// environment returns the environment of the command: that of this process, the port of a
// server in PORT, and a variable that has Python write its output at once.
func (c Command) environment(more ...string) []string {
	all := slices.Concat(os.Environ(), []string{"PYTHONUNBUFFERED=1"}, more)
	if _, port, err := net.SplitHostPort(c.Address); err == nil {
		all = append(all, "PORT="+port)
	}
	return all
}

// has reports whether a file is below the folder of the command.
func (c Command) has(file string) bool {
	inside, err := filepath.Rel(c.Dir, file)
	return err == nil && filepath.IsLocal(inside)
}

// restartsFor reports whether a change of a file starts the command again.
func (c Command) restartsFor(file string) bool {
	if c.Watch == nil {
		return true
	}
	return slices.ContainsFunc(c.Watch, func(pattern string) bool {
		ok, _ := path.Match(pattern, filepath.Base(file))
		return ok
	})
}
