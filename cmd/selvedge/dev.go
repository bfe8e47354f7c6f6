package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/dev"
	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/workbench"
	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments/lint"
)

// devSettings are the settings of a site in development. It stores nothing, and all its pages
// are live.
var devSettings = settings{leaveOut: []string{"dev", "cache-size", "live"}}

// siteKeys are the settings that fragments alone have not, because the workbench is their
// site.
var siteKeys = []string{"fragments", "pages", "slots", "origin", "errors.not-found", "errors.error", "frame"}

func devCommand() *cli.Command {
	return &cli.Command{
		Name:      "dev",
		Usage:     "serve a site while it is written, or fragments alone by their URLs",
		ArgsUsage: "[URL...]",
		Description: "Nothing is stored, and open pages are loaded again after each change. The commands in the\n" +
			"file are started, and started again when their files change. With URLs instead of a file,\n" +
			"each fragment is shown alone: its samples, and the path of its URL.",
		Arguments: []cli.Argument{&cli.StringArgs{Name: "url", Max: -1, UsageText: "[URL...]"}},
		Flags:     append(devSettings.flags(), flags.Text("config", "", "the configuration `FILE` of the site; by default site.yaml")),
		Action:    develop,
	}
}

// develop serves a site, or fragments alone, until ctx ends.
func develop(ctx context.Context, c *cli.Command) error {
	d := &development{key: devKey()}
	urls := c.StringArgs("url")
	if len(urls) == 0 {
		d.read = func() (*config.Config, error) { return readDevFile(c) }
		return d.serve(ctx, c)
	}
	if c.IsSet("config") {
		return flags.Errorf("selvedge dev has a site by --config, or fragments by their URLs, and not both")
	}
	if err := refuseFlags(c, siteKeys, "is for a site, and not for fragments by their URLs; write a file, and name it with --config"); err != nil {
		return err
	}
	var err error
	if d.bench, err = workbench.New(urls); err != nil {
		return flags.Errorf("%w", err)
	}
	d.read = func() (*config.Config, error) {
		cfg, err := devSettings.readFile(c, "")
		if err == nil {
			d.bench.Configure(ctx, cfg)
		}
		return cfg, err
	}
	return d.serve(ctx, c)
}

// readDevFile reads the configuration of a site.
func readDevFile(c *cli.Command) (*config.Config, error) {
	file := c.String("config")
	if file == "" {
		file = "site.yaml"
	}
	cfg, err := devSettings.readFile(c, file)
	if errors.Is(err, fs.ErrNotExist) && c.String("config") == "" {
		return nil, flags.Errorf("there is no site.yaml here; name the file of a site with --config, or the URLs of fragments")
	}
	return cfg, err
}

// development is a site that is written while it is served.
type development struct {
	key     string                         // of sessions and page tokens, unless the configuration has one
	bench   *workbench.Bench               // nil: the site is that of a file
	read    func() (*config.Config, error) // reads the configuration, without what development adds
	site    *site.Site
	servers *dev.Servers
}

// configure reads and checks the configuration, for a site that stores nothing.
func (d *development) configure() (*config.Config, error) {
	cfg, err := d.read()
	if err != nil {
		return nil, err
	}
	cfg.Dev, cfg.CacheSize, cfg.Live = true, 0, "auto"
	if secret, err := cfg.Key.Value(); err == nil && secret == "" && d.key != "" {
		if err := cfg.Set("key", []string{d.key}); err != nil {
			return nil, err
		}
	}
	return cfg, devSettings.check(cfg)
}

// serve serves the site until ctx ends.
func (d *development) serve(ctx context.Context, c *cli.Command) error {
	since := time.Now()
	cfg, err := d.configure()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP) // of a terminal that is closed
	defer stop()
	h, err := newHTTPServer(ctx, c, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	if d.site, err = site.New(cfg, site.Options{Fragments: d.handlers(), Inspect: lint.Inspect, Logger: h.logger}); err != nil {
		return flags.Errorf("%w", err)
	}
	output := c.Root().ErrWriter
	d.servers = dev.New(dev.Options{
		Output: output, Color: hasColor(output), Changed: d.site.ReloadPages, Ignore: absolutePaths(cfg.File()), Logger: h.logger,
	})
	defer d.servers.Close()
	defer killOnSignal(ctx, d.servers)()
	reloaded := func(cfg *config.Config) {
		if err := d.servers.Set(commandsOf(cfg), templatesOf(cfg)); err != nil {
			h.logger.Error("the commands of the fragments are not run", "err", err)
		}
		d.site.ReloadPages()
	}
	reloaded(cfg) // with the pages of an earlier process
	changed := make(chan struct{})
	reloader := &reloader{site: d.site, server: h, read: d.configure, since: since, changed: changed, reloaded: reloaded}
	defer inBackground(ctx, reloader.run,
		func(ctx context.Context) { d.follow(ctx, changed) },
		func(ctx context.Context) { lintSources(ctx, d.site, h.logger) },
	)()
	return h.listenAndServe(ctx, named(d.site, d), d)
}

// handlers returns the fragments of this process.
func (d *development) handlers() map[string]http.Handler {
	if d.bench == nil {
		return nil
	}
	return d.bench.Fragments()
}

// follow sends to changed when fragments alone have another manifest.
func (d *development) follow(ctx context.Context, changed chan<- struct{}) {
	if d.bench != nil {
		d.bench.Follow(ctx, changed)
	}
}

// Stop implements application.
func (d *development) Stop() { d.site.Stop() }

// Close implements application.
func (d *development) Close(ctx context.Context) error { return d.site.Close(ctx) }

// killOnSignal has a signal after the first one, by which ctx ends, kill the servers before it
// ends this process, because they are no processes of the terminal. The function stop has
// signals end the process alone.
func killOnSignal(ctx context.Context, servers *dev.Servers) (stop func()) {
	received, stopped := make(chan os.Signal, 1), make(chan struct{})
	unregister := context.AfterFunc(ctx, func() { signal.Notify(received, os.Interrupt, syscall.SIGTERM) })
	go func() {
		select {
		case <-received:
			servers.Kill()
			os.Exit(exitFailed)
		case <-stopped:
		}
	}()
	return func() {
		unregister()
		signal.Stop(received)
		close(stopped)
	}
}
