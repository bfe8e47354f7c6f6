//go:build linux

package sysinfo

import (
	"runtime"
	"strconv"
	"testing"
	"time"
)

func TestOtherProgramsUseTheRest(t *testing.T) {
	start := time.Now()
	before := Snapshot{at: start, machine: time.Hour, us: time.Minute}
	all := time.Second * time.Duration(runtime.NumCPU())
	after := Snapshot{at: start.Add(time.Second), machine: time.Hour + all/2, us: time.Minute + all/4}
	if got := after.OtherPrograms(before); got != 0.25 {
		t.Errorf("OtherPrograms = %v; want 0.25", got)
	}
}

func TestTheMachineIsRead(t *testing.T) {
	before, err := TakeSnapshot()
	if err != nil {
		t.Fatal(err)
	}
	after, err := TakeSnapshot()
	if err != nil {
		t.Fatal(err)
	}
	if after.machine < before.machine || after.us < before.us {
		t.Errorf("snapshots = %+v, %+v; want growing times", before, after)
	}
	if load := LoadAverage(); load != "unknown" {
		if _, err := strconv.ParseFloat(load, 64); err != nil {
			t.Errorf("LoadAverage = %q: %v", load, err)
		}
	}
	if n, err := ListenOverflows(); n < 0 || err != nil {
		t.Errorf("ListenOverflows = %d, %v; want a count", n, err)
	}
}

func TestConnectionsAreAffordable(t *testing.T) {
	if n, err := AffordableConnections(1); n != 1 || err != nil {
		t.Errorf("AffordableConnections(1) = %d, %v; want 1", n, err)
	}
	const most = 1 << 62
	if n, err := AffordableConnections(most); n <= 0 || n > most || err != nil {
		t.Errorf("AffordableConnections(%d) = %d, %v; want at most as many", most, n, err)
	}
}
