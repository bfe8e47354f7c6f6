// Package manpage writes the manual page of a command line.
package manpage

import (
	_ "embed"
	"slices"
	"strings"

	docs "github.com/urfave/cli-docs/v3"
	"github.com/urfave/cli/v3"
)

// sections are the sections after the commands, in the language of man(7).
//
//go:embed sections.man
var sections string

// corrections mend what the library makes of the texts of flags: it takes <esi:vars> for a
// link, writes a value as "", and gives switches a default.
var corrections = strings.NewReplacer(`\[la]`, "<", `\[ra]`, ">", `="":`, `=\fIVALUE\fP:`, " (default: false)", "")

// Of returns the manual page of a program with its commands, in section 1, for man and groff.
// Root is a command line that runs, because the library adds commands to it then.
func Of(root *cli.Command) (string, error) {
	page := *root
	page.Commands = withoutHelp(root.Commands)
	text, err := docs.ToManWithSection(&page, 1)
	if err != nil {
		return "", err
	}
	return corrections.Replace(text) + sections, nil
}

// withoutHelp returns copies of commands without the help of each, which the page is itself,
// and with the arguments of each.
func withoutHelp(commands []*cli.Command) []*cli.Command {
	var all []*cli.Command
	for _, c := range commands {
		if c.Name == "help" {
			continue
		}
		page := *c
		page.Commands = withoutHelp(c.Commands)
		page.Flags = slices.DeleteFunc(slices.Clone(c.Flags), func(f cli.Flag) bool { return f.Names()[0] == "help" })
		if c.ArgsUsage != "" {
			page.UsageText = c.FullName() + " [options] " + c.ArgsUsage
		}
		all = append(all, &page)
	}
	return all
}
