package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstInherited is the first descriptor from a service manager (sd_listen_fds(3)), after
// the descriptors of stdin, stdout and stderr.
const firstInherited = 3

// maxInherited limits the inherited listeners.
const maxInherited = 64

// Inherited returns the listeners opened for this process by a service manager such as
// systemd (LISTEN_PID and LISTEN_FDS), or none. It removes these variables and
// LISTEN_FDNAMES from the environment, so that a child process does not take the
// listeners for its own. Variables for a different process remain.
func Inherited() ([]net.Listener, error) {
	pid, count := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS")
	if pid != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		_ = os.Unsetenv(name)
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > maxInherited {
		return nil, fmt.Errorf("LISTEN_FDS is %q; it is a number of sockets up to %d", count, maxInherited)
	}
	var all []net.Listener
	for fd := firstInherited; fd < firstInherited+n; fd++ {
		file := os.NewFile(uintptr(fd), "LISTEN_FD_"+strconv.Itoa(fd))
		l, err := net.FileListener(file) // l has its own descriptor, closed on exec
		if err = errors.Join(err, file.Close()); err != nil {
			for _, l := range all {
				_ = l.Close()
			}
			return nil, fmt.Errorf("descriptor %d of LISTEN_FDS: %w", fd, err)
		}
		all = append(all, listener{l})
	}
	return all, nil
}
