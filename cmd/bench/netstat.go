//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
)

// listenOverflows is how many connections the kernel has turned away so far
// because a listen queue was full, of all processes: ListenOverflows of
// /proc/net/netstat.
func listenOverflows() (int, error) {
	const file, counter = "/proc/net/netstat", "ListenOverflows"
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var names [][]byte
	for line := range bytes.Lines(b) { // names and values take turns
		fields := bytes.Fields(line)
		at := slices.IndexFunc(names, func(name []byte) bool { return string(name) == counter })
		if at >= 0 && at < len(fields) {
			return strconv.Atoi(string(fields[at]))
		}
		names = fields
	}
	return 0, fmt.Errorf("%s does not count %s", file, counter)
}
