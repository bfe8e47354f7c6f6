package shell_test

import (
	"testing"

	"selvedge/fragments/fragmentstest"
	"selvedge/fragments/shell"
)

// No order exists that every site knows, so the path of orders has no sample.
func TestTheContractIsKept(t *testing.T) {
	f, err := shell.New(shell.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fragmentstest.Lint(t, f, "sample")
}
