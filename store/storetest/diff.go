package storetest

import (
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"selvedge/store"
)

// diff compares without revisions, whose numbers depend on all that was
// written before, and without their epochs.
func diff(want, got any) string {
	return cmp.Diff(want, got,
		cmpopts.IgnoreFields(store.Product{}, "Revision", "Epoch"), cmpopts.IgnoreFields(store.Cart{}, "Revision", "Epoch"))
}
