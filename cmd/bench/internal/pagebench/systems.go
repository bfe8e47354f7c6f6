//go:build linux

package pagebench

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

// A system serves pages, in a process of its own.
type system struct {
	name     string
	template workload.Template // of the pages on it
	address  string
	absent   string // why it is not measured; empty: it is
	fault    error  // behind that; nil: it is no fault of the run
	pid      int
	process  *process.Server // nil: another program
	source   *process.Server // makes its templates and fragments
}

// systems are the systems and their surroundings.
type systems struct {
	all      []*system
	origin   *process.Server
	versions []string // of the programs that are not ours
	stops    []func() // in the order of starting
}

// find returns the system of a name, which is absent if there is none.
func (s *systems) find(name string) *system {
	for _, one := range s.all {
		if one.name == name {
			return one
		}
	}
	return &system{name: name, absent: "not started"}
}

// close ends all processes and removes their files.
func (s *systems) close() {
	for i := len(s.stops) - 1; i >= 0; i-- {
		s.stops[i]()
	}
}

// startSystems starts the origin and all systems. The file of selvedge is built
// if it is empty. The caller closes the systems, also after an error.
func startSystems(ctx context.Context, selvedge string, stderr io.Writer) (*systems, error) {
	s := new(systems)
	var err error
	if s.origin, err = s.startPages(ctx, systemundertest.Site, stderr); err != nil {
		return s, fmt.Errorf("origin: %w", err)
	}
	for _, own := range []struct {
		name, role string
		template   workload.Template
	}{
		{bareSystem, systemundertest.Site, workload.WholePage},
		{composedSystem, systemundertest.Composed, workload.ReferenceTemplate},
	} {
		p, err := s.startPages(ctx, own.role, stderr)
		if err != nil {
			return s, fmt.Errorf("%s: %w", own.name, err)
		}
		s.all = append(s.all, &system{
			name: own.name, template: own.template, address: p.Greeting.Address, pid: p.PID(), process: p, source: p,
		})
	}
	if selvedge == "" {
		folder, err := s.folder("")
		if err != nil {
			return s, err
		}
		if selvedge, err = buildProxy(ctx, folder); err != nil {
			return s, err
		}
	}
	folder, err := s.folder(memoryFolder())
	if err != nil {
		return s, err
	}
	for _, p := range []program{
		{proxySystem, selvedge, workload.ESITemplate, startProxy, nil},
		{nginxSystem, "nginx", workload.SSITemplate, peers.StartNginx, peers.NginxVersion},
		{varnishSystem, "varnishd", workload.ESITemplate, peers.StartVarnish, peers.VarnishVersion},
	} {
		if err := s.startProgram(ctx, p, folder); err != nil {
			return s, err
		}
	}
	return s, ctx.Err()
}

// startPages starts this program as a page server.
func (s *systems) startPages(ctx context.Context, role string, stderr io.Writer) (*process.Server, error) {
	p, err := systemundertest.StartPages(ctx, stderr, role)
	if err == nil {
		s.stops = append(s.stops, p.Kill)
	}
	return p, err
}

// folder makes a folder that is removed in the end. Other users can open it,
// because the workers of nginx run as one.
func (s *systems) folder(in string) (string, error) {
	folder, err := os.MkdirTemp(in, "bench-page-")
	if err != nil {
		return "", err
	}
	s.stops = append(s.stops, func() { _ = os.RemoveAll(folder) })
	return folder, os.Chmod(folder, 0o711) //nolint:gosec // see above
}

// memoryFolder returns a folder whose files are in memory, or an empty name if
// the machine has none.
func memoryFolder() string {
	const folder = "/dev/shm"
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return ""
	}
	return folder
}

// A program is a system that is not this program.
type program struct {
	name     string
	file     string // or name of the file
	template workload.Template
	start    func(ctx context.Context, program, folder, address, origin string) (*process.Daemon, error)
	version  func(ctx context.Context, program string) string // nil: it is ours
}

// startProgram starts a program in front of the origin. The system is absent if
// the machine lacks the program, and at fault if the program does not start.
func (s *systems) startProgram(ctx context.Context, p program, folder string) error {
	one := &system{name: p.name, template: p.template, source: s.origin}
	s.all = append(s.all, one)
	file, err := process.FindProgram(p.file)
	if errors.Is(err, exec.ErrNotFound) {
		one.absent = "not installed"
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
		one.absent, one.fault = "not started", err
		return ctx.Err()
	}
	one.pid = d.PID
	s.stops = append(s.stops, d.Stop)
	if p.version != nil {
		s.versions = append(s.versions, p.version(ctx, file))
	}
	return nil
}
