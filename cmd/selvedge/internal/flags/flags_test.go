package flags_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
)

// runCommand runs a program with a command serve, and returns the values of its flags.
func runCommand(t *testing.T, args ...string) (values []any, err error) {
	t.Helper()
	serve := &cli.Command{
		Name: "serve",
		Flags: []cli.Flag{
			flags.Text("listen", ":80", "address"), flags.List("host", "name"), flags.Int("products", 7, "number"),
			flags.Bool("quiet", "less"), flags.Duration("delay", time.Second, "time"),
		},
		Action: func(_ context.Context, c *cli.Command) error {
			values = []any{c.String("listen"), c.StringSlice("host"), c.Int("products"), c.Bool("quiet"), c.Duration("delay"), c.Args().Slice()}
			return nil
		},
	}
	parent := &cli.Command{Name: "new", Commands: []*cli.Command{{Name: "fragment", Flags: []cli.Flag{flags.Text("lang", "go", "language")}}}}
	root := &cli.Command{Name: "selvedge", Writer: io.Discard, ErrWriter: io.Discard, Commands: []*cli.Command{serve, parent}}
	args = append([]string{"selvedge"}, args...)
	err = flags.Run(t.Context(), root, args)
	return values, err
}

func TestFlagsHaveValues(t *testing.T) {
	t.Setenv("SELVEDGE_PRODUCTS", "8")
	got, err := runCommand(t, "serve", "--host", "a", "--host=b", "--quiet", "--delay=2s", "x")
	want := []any{":80", []string{"a", "b"}, 8, true, 2 * time.Second, []string{"x"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("run = %v, %v; want %v", got, err, want)
	}
}

func TestAMistakeHasAType(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want error
	}{
		{"no number", []string{"serve", "--products", "x"}, &flags.ValueError{Flag: "products", Text: "x", Kind: "number"}},
		{"no time", []string{"serve", "--delay=5"}, &flags.ValueError{Flag: "delay", Text: "5", Kind: "time, as in 10s"}},
		{"neither yes nor no", []string{"serve", "--quiet=maybe"}, &flags.ValueError{Flag: "quiet", Text: "maybe", Kind: "word for yes or no, as in true"}},
		{"no value", []string{"serve", "--host", "--quiet", "--listen"}, &flags.MissingValueError{Flag: "listen"}},
		{"an unknown flag", []string{"serve", "--listen", "--host", "x", "--nothing=1"}, &flags.UnknownFlagError{Flag: "nothing"}},
		{"an unknown flag with one dash", []string{"serve", "-nothing"}, &flags.UnknownFlagError{Flag: "nothing"}},
		{"an unknown flag of a command below another", []string{"new", "fragment", "x", "--nothing"}, &flags.UnknownFlagError{Flag: "nothing"}},
		{"no value of a command below another", []string{"new", "fragment", "--lang"}, &flags.MissingValueError{Flag: "lang"}},
		{"an unknown flag of help", []string{"help", "--nothing"}, &flags.UnknownFlagError{Flag: "nothing"}},
		{"an unknown flag of the program", []string{"--nothing"}, &flags.UnknownFlagError{Flag: "nothing"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := runCommand(t, test.args...)
			if isUsage := errors.As(err, &flags.UsageError{}); isUsage != (test.args[0] != "help") {
				t.Errorf("run(%q) = %v; want a UsageError of each command but help", test.args, err)
			}
			for cause := err; ; cause = errors.Unwrap(cause) {
				if cause == nil {
					t.Fatalf("run(%q) = %v; want %#v", test.args, err, test.want)
				}
				if cmp.Equal(cause, test.want) {
					return
				}
			}
		})
	}
}

func TestAMistakeInTheEnvironmentHasAType(t *testing.T) {
	t.Setenv("SELVEDGE_PRODUCTS", "x")
	_, err := runCommand(t, "serve")
	var wrong *flags.ValueError
	if !errors.As(err, &flags.UsageError{}) || !errors.As(err, &wrong) || wrong.Variable != "SELVEDGE_PRODUCTS" || wrong.Text != "x" {
		t.Errorf("run = %v; want a ValueError of SELVEDGE_PRODUCTS", err)
	}
}

func TestNothingIsWrongAfterTheFlags(t *testing.T) {
	for _, args := range [][]string{{"serve", "--", "--nothing"}, {"serve", "-", "x"}, {"serve", "-5", "--nothing"}} {
		if _, err := runCommand(t, args...); err != nil {
			t.Errorf("run(%q) = %v; want nil", args, err)
		}
	}
}
