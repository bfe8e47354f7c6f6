package process

import (
	"errors"
	"os/exec"
	"testing"
)

func TestAProgramIsFoundWhereServersAre(t *testing.T) {
	want, err := FindProgram("nginx")
	if err != nil {
		t.Skip(err)
	}
	t.Setenv("PATH", t.TempDir())
	if got, err := FindProgram("nginx"); err != nil || got != want {
		t.Errorf("FindProgram(%q) = %q, %v; want %q", "nginx", got, err, want)
	}
	if got, err := FindProgram("no-such-program"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("FindProgram(%q) = %q, %v; want %v", "no-such-program", got, err, exec.ErrNotFound)
	}
}
