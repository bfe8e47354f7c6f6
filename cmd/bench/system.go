//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"selvedge/cmd/bench/internal/peers"
	"selvedge/cmd/bench/internal/process"
	"selvedge/cmd/bench/internal/systemundertest"
	"selvedge/cmd/bench/internal/workload"
)

// A system is something that serves pages, in a process of its own.
type system struct {
	name    string
	form    workload.Template // of the templates that it completes
	address string
	absent  string // why it is not measured; empty: it is
	reason  error  // what is behind that, if it is a fault
	pid     int
	process *process.Server // if it is this program
	source  *process.Server // has made its templates and fragments
}

// systems are all that are measured, with what they need.
type systems struct {
	all      []*system
	origin   *process.Server
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
	var err error
	if s.origin, err = s.startRole(ctx, systemundertest.Site, stderr); err != nil {
		return s, fmt.Errorf("origin: %w", err)
	}
	if err := s.startSelves(ctx, stderr); err != nil {
		return s, err
	}
	if binary == "" {
		folder, err := s.folder("")
		if err != nil {
			return s, err
		}
		if binary, err = buildProxy(ctx, folder); err != nil {
			return s, err
		}
	}
	folder, err := s.folder(memoryFolder())
	if err != nil {
		return s, err
	}
	for _, p := range []program{
		{proxySystem, binary, workload.ESITemplate, startProxy, nil},
		{nginxSystem, "nginx", workload.SSITemplate, peers.StartNginx, peers.NginxVersion},
		{varnishSystem, "varnishd", workload.ESITemplate, peers.StartVarnish, peers.VarnishVersion},
	} {
		if err := s.startProgram(ctx, p, folder); err != nil {
			return s, err
		}
	}
	return s, ctx.Err()
}

// startSelves starts the systems that are this program.
func (s *systems) startSelves(ctx context.Context, stderr io.Writer) error {
	for _, self := range []struct {
		name, role string
		form       workload.Template
	}{
		{bareSystem, systemundertest.Site, workload.WholePage},
		{composedSystem, systemundertest.Composed, workload.ReferenceTemplate},
	} {
		p, err := s.startRole(ctx, self.role, stderr)
		if err != nil {
			return fmt.Errorf("%s: %w", self.name, err)
		}
		s.all = append(s.all, &system{
			name: self.name, form: self.form, address: p.Greeting.Address,
			pid: p.PID(), process: p, source: p,
		})
	}
	return nil
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
func (s *systems) startRole(ctx context.Context, role string, stderr io.Writer) (*process.Server, error) {
	p, err := systemundertest.StartPages(ctx, stderr, role)
	if err == nil {
		s.stops = append(s.stops, p.Kill)
	}
	return p, err
}

// A program is a system that is not this program.
type program struct {
	name    string
	file    string
	form    workload.Template
	start   func(ctx context.Context, program, folder, address, origin string) (*process.Daemon, error)
	version func(ctx context.Context, program string) string
}

// startProgram starts a program, if the machine has it and it can be.
func (s *systems) startProgram(ctx context.Context, p program, folder string) error {
	one := &system{name: p.name, form: p.form, source: s.origin}
	s.all = append(s.all, one)
	file, err := process.FindProgram(p.file)
	if errors.Is(err, exec.ErrNotFound) {
		one.absent = notInstalled
		return nil
	}
	if err != nil {
		return err
	}
	if one.address, err = process.FreeAddress(ctx); err != nil {
		return err
	}
	d, err := p.start(ctx, file, folder, one.address, s.origin.Greeting.Address)
	if err != nil {
		one.absent, one.reason = "not started", err
		return ctx.Err()
	}
	one.pid = d.PID
	s.stops = append(s.stops, d.Stop)
	if p.version != nil {
		s.versions = append(s.versions, p.version(ctx, file))
	}
	return nil
}
