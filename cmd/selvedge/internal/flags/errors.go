package flags

import "fmt"

// UsageError is a mistake in the command line, in contrast to a failure of the command.
type UsageError struct{ error }

// Unwrap returns the mistake.
func (e UsageError) Unwrap() error { return e.error }

// Errorf returns a UsageError with the text of [fmt.Errorf].
func Errorf(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

// ValueError says that the value of a flag is of the wrong type.
type ValueError struct {
	Flag     string
	Variable string // the environment variable with the value; empty: the command line has the value
	Text     string // the value
	Kind     string // the right type, as in "number"
}

// Error names the environment variable, or else the flag.
func (e *ValueError) Error() string {
	if e.Variable != "" {
		return fmt.Sprintf("%s is %q, which is no %s", e.Variable, e.Text, e.Kind)
	}
	return fmt.Sprintf("--%s cannot be %q, which is no %s", e.Flag, e.Text, e.Kind)
}

// MissingValueError says that a command line ends with a flag without a value.
type MissingValueError struct{ Flag string }

// Error names the flag.
func (e *MissingValueError) Error() string { return fmt.Sprintf("--%s needs a value", e.Flag) }

// UnknownFlagError says that a command has no flag of a name.
type UnknownFlagError struct{ Flag string }

// Error names the flag.
func (e *UnknownFlagError) Error() string { return fmt.Sprintf("there is no flag --%s", e.Flag) }
