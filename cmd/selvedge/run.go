package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/buildinfo"
	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/site/config"
)

// The exit codes of the program.
const (
	exitFailed = 1
	exitUsage  = 2
)

// run runs the program, and returns its exit code. An error is a sentence on stderr.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.Reader, root.Writer, root.ErrWriter = stdin, stdout, stderr
	err := flags.Run(ctx, root, withCommand(args))
	if err == nil {
		return 0
	}
	for _, mistake := range mistakesOf(err) {
		_, _ = fmt.Fprintln(stderr, "selvedge:", oneSentence(mistake))
	}
	if errors.As(err, &flags.UsageError{}) {
		return exitUsage
	}
	return exitFailed
}

// mistakesOf returns the mistakes of a configuration one by one, and any other error alone.
func mistakesOf(err error) []error {
	var mistakes config.Errors
	if errors.As(err, &mistakes) {
		return mistakes.Unwrap()
	}
	return []error{err}
}

// withCommand adds the command serve to a command line without a command.
func withCommand(args []string) []string {
	if len(args) > 1 && !strings.HasPrefix(args[1], "-") {
		return args
	}
	if len(args) > 1 && slices.Contains([]string{"-h", "--help", "-v", "--version", "--generate-shell-completion"}, args[1]) {
		return args
	}
	return slices.Concat(args[:1], []string{"serve"}, args[1:])
}

// oneSentence returns the text of an error in a line.
func oneSentence(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// rootCommand returns the command line with all commands.
func rootCommand() *cli.Command {
	return &cli.Command{
		Name:    "selvedge",
		Usage:   "web pages from fragments, composed at the edge and kept true",
		Version: buildinfo.Read().String(),
		Description: "Without a command, selvedge serves the shop that comes with it:\n" +
			"selvedge --listen :8080 is selvedge serve --listen :8080.",
		Commands: []*cli.Command{
			serveCommand(), fragmentCommand(), proxyCommand(), devCommand(),
			initCommand(), newCommand(), checkCommand(), lintCommand(),
			configCommand(), healthcheckCommand(), backupCommand(), restoreCommand(),
			manCommand(), versionCommand(),
		},
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print a completion script for bash, zsh, fish or pwsh"
		},
		Action:         unknownCommand,
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
	}
}

// unknownCommand returns the error of an unknown command.
func unknownCommand(_ context.Context, c *cli.Command) error {
	if !c.Args().Present() {
		return flags.Errorf("a command is missing; %s --help lists what there is", c.FullName())
	}
	return flags.Errorf("there is no command %q; %s --help lists what there is", c.Args().First(), c.FullName())
}
