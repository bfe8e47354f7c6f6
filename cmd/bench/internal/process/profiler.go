package process

import (
	"os"
	"runtime/pprof"
)

// A Profiler is a method of servers that are this program: embed it in the
// receiver of [Serve]. The zero value is ready.
type Profiler struct {
	file *os.File // nil: no profile is written
}

// Profile starts to write a profile of the processor time to a file, in the
// place of an earlier profile. An empty name ends the profile.
func (p *Profiler) Profile(name string, _ *struct{}) error {
	if p.file != nil {
		pprof.StopCPUProfile()
		if err := p.file.Close(); err != nil {
			return err
		}
		p.file = nil
	}
	if name == "" {
		return nil
	}
	var err error
	if p.file, err = os.Create(name); err != nil { //nolint:gosec // named by the process that started this one
		return err
	}
	return pprof.StartCPUProfile(p.file)
}
