//go:build linux

// Package footprint says what the process that it is called in takes of the
// machine. The servers that cmd/bench compares share it, so that all are
// measured alike.
package footprint

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"
)

// Footprint is what a process takes.
type Footprint struct {
	Resident   int64 // bytes
	Heap       int64 // bytes that are in use, of Resident
	Stacks     int64 // bytes, of Resident
	Goroutines int
}

// Settle gives back the memory that is not in use, and returns what is left.
func Settle() (Footprint, error) {
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what finalizers of the first have let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	resident, err := resident()
	return Footprint{
		Resident:   resident,
		Heap:       int64(m.HeapInuse),
		Stacks:     int64(m.StackInuse),
		Goroutines: runtime.NumGoroutine(),
	}, err
}

// resident is VmRSS of proc(5), in bytes.
func resident() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(status) {
		if value, ok := bytes.CutPrefix(line, []byte("VmRSS:")); ok {
			fields := bytes.Fields(value)
			if len(fields) == 2 && string(fields[1]) == "kB" {
				n, err := strconv.ParseInt(string(fields[0]), 10, 64)
				return n << 10, err
			}
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no line VmRSS in kB")
}

// ProcessorTime returns how much processor time the process has used.
func ProcessorTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
