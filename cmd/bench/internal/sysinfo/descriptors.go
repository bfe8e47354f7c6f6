//go:build linux

package sysinfo

import (
	"fmt"
	"os"
	"syscall"
)

// spareDescriptors are left for files and pipes.
const spareDescriptors = 500

// AffordableConnections returns the number of connections within the limit of
// file descriptors (RLIMIT_NOFILE), and at most the wanted number. A limit below
// 1000 is an error.
func AffordableConnections(want int) (int, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, os.NewSyscallError("getrlimit", err)
	}
	if limit.Cur < 2*spareDescriptors {
		return 0, fmt.Errorf("only %d descriptors may be open; this needs %d", limit.Cur, 2*spareDescriptors)
	}
	return int(min(uint64(want), limit.Cur-spareDescriptors)), nil
}
