package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/shop"
	"selvedge/composer"
	"selvedge/composer/manifest"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// starter is the configuration file of init.
//
//go:embed site.yaml
var starter []byte

func initCommand() *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     "write a configuration file for a site of your own",
		ArgsUsage: "[FILE]",
		Arguments: []cli.Argument{&cli.StringArg{Name: "file", Value: "site.yaml", UsageText: "FILE"}},
		Action:    initSite,
	}
}

// initSite writes a configuration file, and never over another file.
func initSite(_ context.Context, c *cli.Command) error {
	name := c.StringArg("file")
	file, err := os.OpenFile(filepath.Clean(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // it has no secrets
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already, and is left as it is", name)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(starter)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "wrote %s; name your services in it, and then: selvedge serve --config %s\n", name, name)
	return err
}

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "name all mistakes in a configuration file",
		Flags: []cli.Flag{
			flags.Text("config", "site.yaml", "the configuration `FILE`"),
			flags.Bool("reach", "also ask each fragment's server for its manifest"),
		},
		Action: checkConfig,
	}
}

// checkConfig names the mistakes of a configuration file. The error says that there are some.
func checkConfig(ctx context.Context, c *cli.Command) error {
	cfg, err := config.Load(c.String("config"))
	if err != nil {
		return err
	}
	if c.Bool("reach") {
		if err := reach(ctx, c.Root().Writer, cfg); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%s: no mistakes; fragments: %d, pages: %d\n", cfg.File(), len(cfg.Fragments), len(cfg.Pages))
	return err
}

// reach asks the sources of a configuration for their manifests, and writes the answers.
func reach(ctx context.Context, w io.Writer, cfg *config.Config) error {
	sources, err := site.Sources(cfg, nil)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var failed []string
	for _, name := range slices.Sorted(mapKeys(sources)) {
		answer, err := manifestOf(ctx, name, sources[name])
		if err != nil {
			failed = append(failed, name)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", name, sources[name].URL.Redacted(), answer)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if failed != nil {
		return fmt.Errorf("out of reach, or of another name: %s", strings.Join(failed, ", "))
	}
	return nil
}

// manifestOf asks a source for its manifest, and returns its version for people.
func manifestOf(ctx context.Context, name string, source composer.Source) (string, error) {
	m, err := manifest.Read(ctx, source.URL)
	switch {
	case errors.Is(err, manifest.ErrNone):
		return "reached; no manifest", nil
	case err != nil:
		return err.Error(), err
	case m.Name != name:
		err := fmt.Errorf("its manifest names the fragment %q", m.Name)
		return err.Error(), err
	}
	return "version " + m.Version, nil
}

// mapKeys yields the keys of a map.
func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

func configCommand() *cli.Command {
	show := func(name, usage string, text func() []byte) *cli.Command {
		return &cli.Command{Name: name, Usage: usage, Action: func(_ context.Context, c *cli.Command) error {
			_, err := c.Root().Writer.Write(text())
			return err
		}}
	}
	return &cli.Command{
		Name:  "config",
		Usage: "print what a configuration file can say",
		Commands: []*cli.Command{
			show("shop", "print the configuration of the shop that comes with the program", func() []byte { return shop.File }),
			show("default", "print a configuration file with every key, its default and its meaning", config.Default),
			show("env", "print the environment variables of all settings", environment),
			show("schema", "print the JSON Schema of a configuration file", config.Schema),
		},
		Action: unknownCommand,
	}
}

// environment returns the environment variables of all settings, with their defaults.
func environment() []byte {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range config.Settings() {
		_, _ = fmt.Fprintf(table, "%s\t--%s\t%s\t%s\n", flags.Variable(s.Flag), s.Flag, s.Key, s.Default)
	}
	_ = table.Flush() // into memory
	return []byte(b.String())
}
