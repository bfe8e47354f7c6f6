package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/newfragment"
)

func newCommand() *cli.Command {
	return &cli.Command{
		Name:  "new",
		Usage: "write the beginning of a fragment",
		Commands: []*cli.Command{{
			Name:      "fragment",
			Usage:     "write a fragment that works, with tests and a site for it",
			ArgsUsage: "NAME",
			Arguments: []cli.Argument{&cli.StringArg{Name: "name", UsageText: "NAME"}},
			Flags: []cli.Flag{
				flags.Text("lang", "go", "`LANGUAGE` of the fragment: go, python or node"),
				flags.Text("folder", "", "`FOLDER` for the files; by default the name of the fragment"),
			},
			Action: newFragment,
		}},
		Action: unknownCommand,
	}
}

// newFragment writes a fragment, and says what can be done with it.
func newFragment(ctx context.Context, c *cli.Command) error {
	f := newfragment.Fragment{Name: c.StringArg("name"), Language: c.String("lang"), Folder: c.String("folder"), Checkout: newfragment.FindCheckout()}
	if f.Name == "" {
		return flags.Errorf("a name is missing, as in selvedge new fragment comments")
	}
	if c.Args().Present() {
		return flags.Errorf("the word %q is one too many, because a fragment has one name", c.Args().First())
	}
	if err := f.Check(); err != nil {
		return flags.Errorf("%w", err)
	}
	next, err := f.Write(ctx)
	if err != nil {
		return fmt.Errorf("writing the fragment %s: %w", f.Name, err)
	}
	for _, line := range next {
		if _, err := fmt.Fprintln(c.Root().Writer, line); err != nil {
			return err
		}
	}
	return nil
}
