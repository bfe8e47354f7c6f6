package flags

import (
	"os"

	"github.com/urfave/cli/v3"
)

// checkedFlag is a flag with a typed error for a value of the wrong type. The library
// formats the error of Set as text, so the flag keeps the typed error for Run.
type checkedFlag[T any, C any, V cli.ValueCreator[T, C]] struct {
	*cli.FlagBase[T, C, V]
	kind  string      // of value, for people
	wrong *ValueError // nil: the value was right
}

func check[T any, C any, V cli.ValueCreator[T, C]](f *cli.FlagBase[T, C, V], kind string) cli.Flag {
	return &checkedFlag[T, C, V]{FlagBase: f, kind: kind}
}

// Set reads a value of the command line.
func (f *checkedFlag[T, C, V]) Set(name, value string) error {
	err := f.FlagBase.Set(name, value)
	if err != nil {
		f.wrong = &ValueError{Flag: name, Text: value, Kind: f.kind}
	}
	return err
}

// PostParse reads the value of the environment. The error is a *ValueError in a
// UsageError.
func (f *checkedFlag[T, C, V]) PostParse() error {
	if f.FlagBase.PostParse() == nil {
		return nil
	}
	variable := f.GetEnvVars()[0]
	return UsageError{&ValueError{Flag: f.Name, Variable: variable, Text: os.Getenv(variable), Kind: f.kind}}
}

// wrongValue returns the error of the last Set, or nil.
func (f *checkedFlag[T, C, V]) wrongValue() *ValueError { return f.wrong }
