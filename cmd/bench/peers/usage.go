//go:build linux

package main

import (
	"bytes"
	"errors"
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

// Settle gives back the memory that is not in use, and says what is left.
func (s *Server) Settle(_ struct{}, reply *Footprint) error {
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what finalizers of the first have let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	resident, err := residentMemory()
	*reply = Footprint{resident, int64(m.HeapInuse), int64(m.StackInuse), runtime.NumGoroutine()}
	return err
}

// residentMemory is the second number of statm, in proc(5).
func residentMemory() (int64, error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(b)
	if len(fields) < 2 {
		return 0, errors.New("/proc/self/statm has no second number")
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// Usage says how much processor time the server has used.
func (s *Server) Usage(_ struct{}, reply *time.Duration) error {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	*reply = time.Duration(u.Utime.Nano() + u.Stime.Nano())
	return err
}
