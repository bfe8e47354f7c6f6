//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// A profiler is a part of what a server process does when it is told.
type profiler struct {
	profile *os.File // nil: none is written
}

// Profile writes a profile of the processor to a file, from here on until it
// is called with no file.
func (p *profiler) Profile(file string, _ *struct{}) error {
	if p.profile != nil {
		pprof.StopCPUProfile()
		if err := p.profile.Close(); err != nil {
			return err
		}
		p.profile = nil
	}
	if file == "" {
		return nil
	}
	var err error
	if p.profile, err = os.Create(file); err != nil { //nolint:gosec // named by who started us
		return err
	}
	return pprof.StartCPUProfile(p.profile)
}

// profiled takes a step, and has the server write a profile meanwhile if the
// plan says so and the server is ours.
func (b *bench) profiled(name string, step func() error) error {
	if b.profiles == "" || b.server.foreign {
		return step()
	}
	b.profileNumber++
	file := filepath.Join(b.profiles, fmt.Sprintf("%02d-%s.prof", b.profileNumber, name))
	if err := wait(b.server.order("Profile", file)); err != nil {
		return err
	}
	if err := step(); err != nil {
		return err
	}
	return wait(b.server.order("Profile", ""))
}
