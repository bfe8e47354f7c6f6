package report

import (
	"fmt"
	"strings"
)

// Validity collects the faults of a run. The zero value is a valid run.
type Validity struct {
	Faults []string // reasons not to believe the figures, in the order of their discovery
}

// Require adds a fault unless the condition holds. Format and arguments are
// those of [fmt.Sprintf].
func (v *Validity) Require(condition bool, format string, arguments ...any) {
	if !condition {
		v.Faults = append(v.Faults, fmt.Sprintf(format, arguments...))
	}
}

// Err returns an error with all faults, and nil if there are none.
func (v *Validity) Err() error {
	if len(v.Faults) == 0 {
		return nil
	}
	return fmt.Errorf("the run is not valid: %s", strings.Join(v.Faults, "; "))
}

// MaxClientShare is the largest share of a processor for clients. They run in a
// single goroutine, so that above this share the run measures the clients and not
// the server.
const MaxClientShare = 0.9
