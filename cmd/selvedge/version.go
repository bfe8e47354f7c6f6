package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/buildinfo"
	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/fragments"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version of the program, its commit and date, and the versions of the fragments in it",
		Action: func(_ context.Context, c *cli.Command) error {
			_, err := fmt.Fprintln(c.Root().Writer, "selvedge", buildinfo.Read())
			if err != nil {
				return err
			}
			manifests, err := shop.Manifests()
			if err != nil {
				return err
			}
			for _, m := range manifests {
				if err := printManifest(c, m); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func printManifest(c *cli.Command, m fragments.Manifest) error {
	_, err := fmt.Fprintf(c.Root().Writer, "%s %s\n", m.Name, m.Version)
	return err
}
