package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// The exit codes of the program.
const (
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in the command line, not in what it asks for.
type usageError struct{ error }

// run is the whole program. It returns the exit code: an error is one sentence
// on stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.Reader, root.Writer, root.ErrWriter = stdin, stdout, stderr
	err := root.Run(ctx, withCommand(args))
	if err == nil {
		return 0
	}
	err = inWords(err)
	_, _ = fmt.Fprintln(stderr, "selvedge:", oneSentence(err))
	if errors.As(err, &usageError{}) {
		return exitUsage
	}
	return exitFailed
}

// withCommand makes serve of a command line that names no command.
func withCommand(args []string) []string {
	if len(args) > 1 && !strings.HasPrefix(args[1], "-") {
		return args
	}
	if len(args) > 1 && slices.Contains([]string{"-h", "--help", "-v", "--version", "--generate-shell-completion"}, args[1]) {
		return args
	}
	return slices.Concat(args[:1], []string{"serve"}, args[1:])
}

func oneSentence(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

func rootCommand() *cli.Command {
	return &cli.Command{
		Name:    "selvedge",
		Usage:   "web pages from fragments, composed at the edge and kept true",
		Version: version(),
		Description: "Without a command, selvedge serves the shop that comes with it:\n" +
			"selvedge --listen :8080 is selvedge serve --listen :8080.",
		Commands:              []*cli.Command{serveCommand(), fragmentCommand(), proxyCommand(), backupCommand(), restoreCommand(), versionCommand()},
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print a completion script for bash, zsh, fish or pwsh"
		},
		Action:         unknownCommand,
		OnUsageError:   onUsageError,
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
	}
}

func unknownCommand(_ context.Context, c *cli.Command) error {
	return usageError{fmt.Errorf("there is no command %q; selvedge --help lists what there is", c.Args().First())}
}

// onUsageError keeps the help text out of the way of the mistake.
func onUsageError(_ context.Context, c *cli.Command, err error, _ bool) error {
	return usageError{fmt.Errorf("%w; %s --help lists what there is", inWords(err), c.FullName())}
}
