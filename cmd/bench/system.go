//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// The names of what is measured, as the table has them.
const (
	bareSystem     = "bare handler"
	proxySystem    = "ours, as a proxy"
	composedSystem = "ours, in process"
	nginxSystem    = "nginx"
	varnishSystem  = "Varnish"
)

// A system is something that serves pages, in a process of its own.
type system struct {
	name    string
	form    form // of the templates that it completes
	address string
	absent  string // why it is not measured; empty: it is
	reason  error  // what is behind that, if it is a fault
	pid     int
	process *process // if it is this program
}

// systems are all that are measured, with what they need.
type systems struct {
	all      []*system
	origin   int      // its process
	versions []string // of the programs that are not ours
	stops    []func() // in the order of starting
}

// find returns the system of a name.
func (s *systems) find(name string) *system {
	for _, one := range s.all {
		if one.name == name {
			return one
		}
	}
	return &system{name: name, absent: "not started"}
}

// close ends all processes and removes what they wrote.
func (s *systems) close() {
	for i := len(s.stops) - 1; i >= 0; i-- {
		s.stops[i]()
	}
}

// startSystems starts the origin and everything that is measured. The caller
// closes them, also if there is an error.
func startSystems(ctx context.Context, binary string, stderr io.Writer) (*systems, error) {
	s := new(systems)
	build, err := s.folder("")
	if err != nil {
		return s, err
	}
	work, err := s.folder(memoryFolder())
	if err != nil {
		return s, err
	}
	origin, err := s.startRole(ctx, siteRole, stderr)
	if err != nil {
		return s, fmt.Errorf("origin: %w", err)
	}
	s.origin = origin.command.Process.Pid
	for _, one := range []*system{{name: bareSystem, form: wholeForm}, {name: composedSystem, form: referenceForm}} {
		role := siteRole
		if one.name == composedSystem {
			role = composedRole
		}
		if one.process, err = s.startRole(ctx, role, stderr); err != nil {
			return s, fmt.Errorf("%s: %w", one.name, err)
		}
		one.address, one.pid = one.process.Address, one.process.command.Process.Pid
		s.all = append(s.all, one)
	}
	if binary == "" {
		if binary, err = buildProxy(ctx, build); err != nil {
			return s, err
		}
	}
	for _, p := range []program{
		{proxySystem, binary, esiForm, startProxy, nil},
		{nginxSystem, "nginx", ssiForm, startNginx, nginxVersion},
		{varnishSystem, "varnishd", esiForm, startVarnish, varnishVersion},
	} {
		if err := s.startProgram(ctx, p, work, origin.Address); err != nil {
			return s, err
		}
	}
	return s, ctx.Err()
}

// folder makes a folder that is removed in the end, in which other users may
// have folders too: nginx writes as one.
func (s *systems) folder(in string) (string, error) {
	folder, err := os.MkdirTemp(in, "bench-page-")
	if err != nil {
		return "", err
	}
	s.stops = append(s.stops, func() { _ = os.RemoveAll(folder) })
	return folder, os.Chmod(folder, 0o711) //nolint:gosec // see above
}

// memoryFolder is where files are in memory, or empty if the machine has no
// such place.
func memoryFolder() string {
	const folder = "/dev/shm"
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return ""
	}
	return folder
}

// startRole starts this program as a server.
func (s *systems) startRole(ctx context.Context, role string, stderr io.Writer) (*process, error) {
	p, err := startSelf(ctx, stderr, "serve-page", "--role", role)
	if err == nil {
		s.stops = append(s.stops, p.kill)
	}
	return p, err
}

// A program is a system that is not this program.
type program struct {
	name    string
	file    string
	form    form
	start   func(ctx context.Context, program, folder, address, origin string) (*daemon, error)
	version func(ctx context.Context, program string) string
}

// startProgram starts a program, if the machine has it and it can be.
func (s *systems) startProgram(ctx context.Context, p program, folder, origin string) error {
	one := &system{name: p.name, form: p.form}
	s.all = append(s.all, one)
	file, err := exec.LookPath(p.file)
	if errors.Is(err, exec.ErrNotFound) {
		one.absent = notInstalled
		return nil
	}
	if err != nil {
		return err
	}
	if one.address, err = freeAddress(ctx); err != nil {
		return err
	}
	d, err := p.start(ctx, file, folder, one.address, origin)
	if err != nil {
		one.absent, one.reason = "not started", err
		return nil
	}
	one.pid = d.pid
	s.stops = append(s.stops, d.stop)
	if p.version != nil {
		s.versions = append(s.versions, p.version(ctx, file))
	}
	return nil
}
