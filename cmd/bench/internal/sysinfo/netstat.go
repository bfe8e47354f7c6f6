//go:build linux

package sysinfo

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
)

// ListenOverflows returns how many connections the kernel has refused because a
// listen queue was full, of all processes since the machine started:
// ListenOverflows of /proc/net/netstat.
func ListenOverflows() (int, error) {
	const file, counter = "/proc/net/netstat", "ListenOverflows"
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var names [][]byte
	for line := range bytes.Lines(b) { // lines of names and of values alternate
		fields := bytes.Fields(line)
		at := slices.IndexFunc(names, func(name []byte) bool { return string(name) == counter })
		if at >= 0 && at < len(fields) {
			return strconv.Atoi(string(fields[at]))
		}
		names = fields
	}
	return 0, fmt.Errorf("%s does not count %s", file, counter)
}
