package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/fragments"
)

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the versions of the program and of the fragments in it",
		Action: func(_ context.Context, c *cli.Command) error {
			_, err := fmt.Fprintln(c.Root().Writer, "selvedge", version())
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

// version returns the version and the revision of the program, as far as the build has
// recorded them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return info.Main.Version + " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}
