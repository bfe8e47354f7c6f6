package main

import (
	"fmt"
	"strings"
)

// validity is whether a run may be believed.
type validity struct {
	faults []string
}

// require notes what makes the run invalid unless it is so.
func (v *validity) require(so bool, format string, arguments ...any) {
	if !so {
		v.faults = append(v.faults, fmt.Sprintf(format, arguments...))
	}
}

// valid returns an error if something makes the run invalid.
func (v *validity) valid() error {
	if len(v.faults) == 0 {
		return nil
	}
	return fmt.Errorf("the run is not valid: %s", strings.Join(v.faults, "; "))
}

// busiest is the share of one processor above which the clients, which are
// one goroutine, may be what was measured.
const busiest = 0.9
