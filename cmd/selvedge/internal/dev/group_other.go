//go:build !unix

package dev

import (
	"os/exec"
	"strconv"
)

// setGroup does nothing: taskkill finds the processes by their parents.
func setGroup(*exec.Cmd) {}

// terminateGroup is killGroup, because Windows has no signal that asks a process to end.
func terminateGroup(c *exec.Cmd) error { return killGroup(c) }

// killGroup ends a command with all processes that it has started.
func killGroup(c *exec.Cmd) error {
	return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(c.Process.Pid)).Run() //nolint:gosec,noctx // a number; it ends soon
}
