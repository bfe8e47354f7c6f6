package flags

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urfave/cli/v3"
)

// Run runs a command line. A mistake in args is a UsageError, without the help text of the
// library. The errors of the library have no types, so Run finds the mistake in args.
func Run(ctx context.Context, root *cli.Command, args []string) error {
	explain := func(_ context.Context, c *cli.Command, err error, _ bool) error {
		return Errorf("%w; %s --help lists what there is", explained(err, c, args), c.FullName())
	}
	setUsageError(root, explain)
	err := root.Run(ctx, args)
	if c := commandOf(root, args); err != nil && c.OnUsageError == nil { // help or completion, which the library adds
		return explained(err, c, args)
	}
	return err
}

// setUsageError sets OnUsageError of a command and of all commands below it.
func setUsageError(c *cli.Command, explain cli.OnUsageErrorFunc) {
	c.OnUsageError = explain
	for _, below := range c.Commands {
		setUsageError(below, explain)
	}
}

// explained returns the mistake in args for a command, or else err.
func explained(err error, c *cli.Command, args []string) error {
	if mistake := find(c, args); mistake != nil {
		return mistake
	}
	return err
}

// commandOf returns the command of args.
func commandOf(root *cli.Command, args []string) *cli.Command {
	c := root
	for _, word := range args[min(1, len(args)):] {
		if next := c.Command(word); next != nil {
			c = next
		}
	}
	return c
}

// find returns the mistake in args for a command, or nil.
func find(c *cli.Command, args []string) error {
	all := allFlags(c)
	for _, f := range all {
		if f, ok := f.(interface{ wrongValue() *ValueError }); ok && f.wrongValue() != nil {
			return f.wrongValue()
		}
	}
	rest := args[min(1, len(args)):]
	if c != c.Root() {
		rest = rest[slices.Index(rest, c.Name)+1:]
	}
	for ; len(rest) > 0; rest = rest[1:] {
		name, hasValue, ok := flagIn(rest[0])
		if !ok {
			continue
		}
		if name == "" {
			return nil
		}
		i := slices.IndexFunc(all, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
		switch {
		case i < 0:
			return &UnknownFlagError{name}
		case hasValue || !takesValue(all[i]):
		case len(rest) == 1:
			return &MissingValueError{name}
		default:
			rest = rest[1:]
		}
	}
	return nil
}

// allFlags returns the flags of a command and of its ancestors.
func allFlags(c *cli.Command) []cli.Flag {
	var all []cli.Flag
	for _, ancestor := range c.Lineage() {
		all = append(all, ancestor.Flags...)
	}
	return all
}

// takesValue reports whether the word after a flag is its value.
func takesValue(f cli.Flag) bool {
	documented, ok := f.(cli.DocGenerationFlag)
	return ok && documented.TakesValue()
}

// flagIn returns the name of the flag in a word of a command line, and whether the word
// has a value too, as in --name=value. The name is empty at the end of all flags.
func flagIn(word string) (name string, hasValue, ok bool) {
	word = strings.TrimSpace(word)
	name, ok = strings.CutPrefix(word, "-")
	if !ok || name == "" {
		return "", false, false
	}
	if long, ok := strings.CutPrefix(name, "-"); ok {
		name = long
	} else if r, _ := utf8.DecodeRuneInString(name); !unicode.IsLetter(r) {
		return "", false, true
	}
	name, _, hasValue = strings.Cut(name, "=")
	return name, hasValue, true
}
