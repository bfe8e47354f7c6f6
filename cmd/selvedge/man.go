package main

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/manpage"
)

func manCommand() *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page, as in selvedge man | man -l -",
		Action: func(_ context.Context, c *cli.Command) error {
			page, err := manpage.Of(c.Root())
			if err != nil {
				return err
			}
			_, err = io.WriteString(c.Root().Writer, page)
			return err
		},
	}
}
