//go:build linux

package sysinfo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// A stat is a line of /proc/PID/stat.
type stat struct {
	parent int
	used   time.Duration // processor time
}

// ProcessTreeTime returns the processor time of a process and its descendants, in
// steps of 10 ms. Servers like nginx do their work in child processes.
func ProcessTreeTime(root int) (time.Duration, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	all := make(map[int]stat)
	for _, file := range files {
		b, err := os.ReadFile(file) //nolint:gosec // of proc(5)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it has ended
		}
		if err != nil {
			return 0, err
		}
		id, s, err := parseStat(b)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		all[id] = s
	}
	return treeTime(all, root), nil
}

// treeTime adds up the processor time of a process and its descendants.
func treeTime(all map[int]stat, root int) time.Duration {
	used := all[root].used
	for id, s := range all {
		if s.parent == root && id != root {
			used += treeTime(all, id)
		}
	}
	return used
}

var errStat = errors.New("not what proc(5) says of stat")

// parseStat reads the line of a process. The second field is the name of the
// program in parentheses, and may contain spaces and parentheses.
func parseStat(b []byte) (id int, s stat, err error) {
	first, _, _ := bytes.Cut(b, []byte(" "))
	end := bytes.LastIndexByte(b, ')')
	fields := bytes.Fields(b[end+1:]) // state ppid …; the 12th and 13th are the times
	if end < 0 || len(fields) < 13 {
		return 0, stat{}, errStat
	}
	if id, err = strconv.Atoi(string(first)); err != nil {
		return 0, stat{}, errStat
	}
	if s.parent, err = strconv.Atoi(string(fields[1])); err != nil {
		return 0, stat{}, errStat
	}
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, stat{}, errStat
		}
		s.used += time.Duration(n) * tickTime
	}
	return id, s, nil
}
