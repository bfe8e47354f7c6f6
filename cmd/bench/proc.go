//go:build linux

package main

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

// A stat is what /proc/PID/stat says of a process.
type stat struct {
	parent int
	used   time.Duration // processor time
}

// familyTime is how much processor time a process and those that descend from
// it have used: servers like nginx work in processes of their own. Its unit is
// 10 ms, as that of [machineTime].
func familyTime(root int) (time.Duration, error) {
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
	return family(all, root), nil
}

// family adds up what a process and its descendants used.
func family(all map[int]stat, root int) time.Duration {
	used := all[root].used
	for id, s := range all {
		if s.parent == root && id != root {
			used += family(all, id)
		}
	}
	return used
}

var errStat = errors.New("not what proc(5) says of stat")

// parseStat reads the line of a process. Its second field is the name of a
// program in parentheses, in which anything may stand.
func parseStat(b []byte) (id int, s stat, err error) {
	first, _, _ := bytes.Cut(b, []byte(" "))
	end := bytes.LastIndexByte(b, ')')
	fields := bytes.Fields(b[end+1:]) // state ppid …, of which the 12th and 13th are the times
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
		s.used += time.Duration(n) * 10 * time.Millisecond
	}
	return id, s, nil
}
