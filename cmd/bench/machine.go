//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"selvedge/cmd/internal/footprint"
)

// A moment is how much processor time had been used until then.
type moment struct {
	at          time.Time
	machine, us time.Duration // us: this process, and its servers that have ended
}

func now() (moment, error) {
	m := moment{at: time.Now()}
	var err error
	if m.machine, err = machineTime(); err != nil {
		return m, err
	}
	if m.us, err = footprint.ProcessorTime(); err != nil {
		return m, err
	}
	var u syscall.Rusage
	err = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u)
	m.us += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	return m, err
}

// others is the share of all processors that other programs used since an
// earlier moment.
func (m moment) others(since moment) float64 {
	all := m.at.Sub(since.at) * time.Duration(runtime.NumCPU())
	return float64((m.machine-since.machine)-(m.us-since.us)) / float64(all)
}

// machineTime is the time that all processors of the machine were busy, of
// /proc/stat: in the units of 10 ms that proc(5) calls USER_HZ.
func machineTime() (time.Duration, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	fields := bytes.Fields(line) // cpu user nice system idle iowait irq softirq …
	if len(fields) < 8 {
		return 0, errors.New("/proc/stat does not begin with the times of all processors")
	}
	var busy time.Duration
	for _, i := range []int{1, 2, 3, 6, 7} {
		n, err := strconv.ParseInt(string(fields[i]), 10, 64)
		if err != nil {
			return 0, err
		}
		busy += time.Duration(n) * 10 * time.Millisecond
	}
	return busy, nil
}

// processorName is the model of the processors, as /proc/cpuinfo has it.
func processorName() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range bytes.Lines(b) {
		if name, ok := bytes.CutPrefix(line, []byte("model name")); ok {
			return string(bytes.TrimLeft(bytes.TrimSpace(name), ": \t"))
		}
	}
	return "unknown processor"
}
