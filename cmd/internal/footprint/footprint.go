//go:build linux

// Package footprint measures the memory and the processor time of its own process. All
// servers in a comparison of cmd/bench use the package, so that the figures are comparable.
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

// Footprint is the memory of a process.
type Footprint struct {
	Resident   int64 // bytes
	Heap       int64 // bytes in use, of Resident
	Stacks     int64 // bytes, of Resident
	Goroutines int
}

// Settle returns unused memory to the system, and measures the rest.
func Settle() (Footprint, error) {
	debug.FreeOSMemory()
	debug.FreeOSMemory() // because finalizers of the first call have freed more
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

// resident returns VmRSS of proc(5), in bytes.
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

// ProcessorTime returns the processor time of the process, in user and system mode.
func ProcessorTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
