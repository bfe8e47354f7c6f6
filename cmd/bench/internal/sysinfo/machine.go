//go:build linux

package sysinfo

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"selvedge/cmd/internal/footprint"
)

// A Snapshot is the processor time used up to a point in time.
type Snapshot struct {
	at          time.Time
	machine, us time.Duration // us: this process and its children that have ended
}

// TakeSnapshot reads the counters of the kernel.
func TakeSnapshot() (Snapshot, error) {
	m := Snapshot{at: time.Now()}
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

// OtherPrograms returns the share of all processors, from 0 to 1, that other programs
// used since an earlier snapshot. Children count as other programs until they
// have ended.
func (m Snapshot) OtherPrograms(since Snapshot) float64 {
	all := m.at.Sub(since.at) * time.Duration(runtime.NumCPU())
	return float64((m.machine-since.machine)-(m.us-since.us)) / float64(all)
}

// tickTime is the unit of processor times in /proc: USER_HZ of proc(5).
const tickTime = 10 * time.Millisecond

// machineTime returns the time that all processors together were busy, from
// /proc/stat.
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
		busy += time.Duration(n) * tickTime
	}
	return busy, nil
}

// ProcessorName returns the model of the processors, from /proc/cpuinfo.
func ProcessorName() string {
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

// LoadAverage returns the load average of the last minute, from /proc/loadavg.
func LoadAverage() string {
	line, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(line), " ")
	return first
}
