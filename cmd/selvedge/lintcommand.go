package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/fragments/lint"
)

func lintCommand() *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "find mistakes in running fragments and in templates",
		ArgsUsage: "URL|FILE...",
		Description: "A URL is that of a fragment's server, whose samples are requested, or of one path there.\n" +
			"A FILE is a template. The exit code is 0 without findings, 1 with some, and 2 for a wrong command line.",
		Flags: []cli.Flag{
			flags.Bool("json", "print the findings as JSON, for programs"),
			flags.Text("session-cookie", "selvedge-session", "the `NAME` of the cookie by which the fragment knows the session"),
		},
		Action: lintAll,
	}
}

// lintAll prints the mistakes in fragments and templates. The error says that there are
// some.
func lintAll(ctx context.Context, c *cli.Command) error {
	if c.NArg() == 0 {
		return flags.Errorf("lint needs the URL of a fragment, or the file of a template")
	}
	findings := []lint.Finding{} // an empty list in JSON
	var failed error
	for _, name := range c.Args().Slice() {
		found, err := lintOne(ctx, name, lint.Options{SessionCookie: c.String("session-cookie")})
		findings, failed = append(findings, found...), errors.Join(failed, err)
	}
	if err := errors.Join(writeFindings(c.Root().Writer, findings, c.Bool("json")), failed); err != nil {
		return err
	}
	switch len(findings) {
	case 0:
		return nil
	case 1:
		return errors.New("1 finding")
	}
	return fmt.Errorf("%d findings", len(findings))
}

// lintOne returns the mistakes in the fragments of a URL, or in a file.
func lintOne(ctx context.Context, name string, o lint.Options) ([]lint.Finding, error) {
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		return lint.Source(ctx, name, o)
	}
	body, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, err
	}
	return lint.File(name, body), nil
}

// writeFindings writes findings as lines, or as an array of JSON.
func writeFindings(w io.Writer, findings []lint.Finding, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(findings)
	}
	for _, f := range findings {
		if _, err := fmt.Fprintln(w, f); err != nil {
			return err
		}
	}
	return nil
}
