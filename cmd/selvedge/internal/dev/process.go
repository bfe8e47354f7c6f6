package dev

import (
	"io"
	"os"
	"os/exec"
	"time"
)

// stopTimeout is the time for a process to end, before it is killed.
const stopTimeout = 3 * time.Second

// process is one run of a program, with all processes that it starts.
type process struct {
	cmd    *exec.Cmd
	output *os.File      // of all its processes
	silent chan struct{} // closed when no process can write output any more
	ended  chan struct{} // closed when the program has ended
	err    error         // why it has ended; read it after ended
}

// startProcess starts a program, whose output is passed to show until it ends.
func startProcess(args []string, dir string, environment []string, show func(output io.Reader)) (*process, error) {
	output, input, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(args[0], args[1:]...), output: output, silent: make(chan struct{}), ended: make(chan struct{})} //nolint:gosec,noctx // the developer's own command, which stop ends with its group
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = dir, environment, input, input
	setGroup(p.cmd)
	err = p.cmd.Start()
	_ = input.Close() // the processes have it
	if err != nil {
		_ = output.Close()
		return nil, err
	}
	go func() {
		defer close(p.silent)
		defer func() { _ = output.Close() }()
		show(output)
	}()
	go func() {
		defer close(p.ended)
		p.err = p.cmd.Wait()
	}()
	return p, nil
}

// stop asks the processes to end, and kills the rest at the end of the output, or after
// stopTimeout. The output of a process outside of the group is not read any more.
func (p *process) stop() {
	_ = terminateGroup(p.cmd) // there may be none left
	select {
	case <-p.silent:
	case <-time.After(stopTimeout):
	}
	_ = killGroup(p.cmd)
	<-p.ended
	_ = p.output.SetReadDeadline(time.Now().Add(time.Second / 10)) // for what is written already
	<-p.silent
}
