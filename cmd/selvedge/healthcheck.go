package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/healthcheck"
	"selvedge/composer/site/config"
)

// healthcheckSettings are the settings that say where a server listens.
var healthcheckSettings = settings{
	leaveOut: slices.DeleteFunc(keysOf(settings{}), func(key string) bool { return key == "listen" }),
	docs:     map[string]string{"listen": "address of the server, as its own --listen; by default that of the file"},
}

func healthcheckCommand() *cli.Command {
	return &cli.Command{
		Name:      "healthcheck",
		Usage:     "ask a running server whether it is ready; exit code 1: it is not",
		ArgsUsage: "[URL]",
		Arguments: []cli.Argument{&cli.StringArg{Name: "url", UsageText: "URL"}},
		Flags: append(healthcheckSettings.flags(),
			flags.Text("config", "", "the configuration `FILE` of the server"),
			flags.Duration("timeout", 3*time.Second, "time for the answer")),
		Action: checkHealth,
	}
}

// checkHealth asks a server whether it is ready.
func checkHealth(ctx context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return flags.Errorf("%q is one word too many; %s --help lists what there is", c.Args().First(), c.FullName())
	}
	s, err := serverToCheck(c)
	if err != nil {
		return flags.Errorf("%w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.Duration("timeout"))
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "%s: ready\n", s)
	return err
}

// serverToCheck returns the server of the URL, or else of --listen, or else of --config.
// The file is left alone where an address is given: a server goes on while its file has
// mistakes.
func serverToCheck(c *cli.Command) (healthcheck.Server, error) {
	switch {
	case c.StringArg("url") != "":
		return healthcheck.At(c.StringArg("url"))
	case c.IsSet("listen"):
		return healthcheck.Listening(c.String("listen"))
	case c.String("config") == "":
		return healthcheck.Listening(config.New().Listen)
	}
	cfg, err := config.Read(c.String("config"))
	if err != nil {
		return healthcheck.Server{}, err
	}
	return healthcheck.Listening(cfg.Listen)
}
