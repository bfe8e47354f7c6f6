package flags

import (
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

// Variable returns the environment variable of a flag: SELVEDGE_ADMIN_TOKEN for
// --admin-token.
func Variable(flag string) string {
	return "SELVEDGE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment returns the environment variable of a flag as a source of its value.
func fromEnvironment(flag string) cli.ValueSourceChain { return cli.EnvVars(Variable(flag)) }

// Text returns a flag for a string.
func Text(name, value, usage string) cli.Flag {
	return &cli.StringFlag{Name: name, Value: value, Usage: usage, Sources: fromEnvironment(name)}
}

// List returns a flag for a list of strings, with a string for each use of the flag.
func List(name, usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Usage: usage + "; may be repeated", Sources: fromEnvironment(name)}
}

// Int returns a flag for a number.
func Int(name string, value int, usage string) cli.Flag {
	return check(&cli.IntFlag{Name: name, Value: value, Usage: usage, Sources: fromEnvironment(name)}, "number")
}

// Bool returns a flag for yes or no, by default no.
func Bool(name, usage string) cli.Flag {
	return check(&cli.BoolFlag{Name: name, Usage: usage, Sources: fromEnvironment(name)}, "word for yes or no, as in true")
}

// Duration returns a flag for a time.
func Duration(name string, value time.Duration, usage string) cli.Flag {
	return check(&cli.DurationFlag{Name: name, Value: value, Usage: usage, Sources: fromEnvironment(name)}, "time, as in 10s")
}
