package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/buildinfo"
	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/https"
	"selvedge/cmd/selvedge/internal/logging"
	"selvedge/cmd/selvedge/internal/memory"
	"selvedge/composer/server"
	"selvedge/composer/site/config"
)

// httpServer is the part that all servers of the program share: it listens, logs, answers
// HTTP requests by a handler, and shuts down.
type httpServer struct {
	config      *config.Config
	logger      *slog.Logger
	listeners   []net.Listener         // of one address
	certificate *https.Certificate     // nil: the server has none, and no TLS
	trusted     []netip.Prefix         // the networks of trusted proxies
	print       func(url string) error // shows the address to the user
	settings    []any                  // for the log
	memory      memory.Plan
	stopMemory  func() // ends memory.Follow
	shutdown    shutdown
}

// newHTTPServer returns a listening server with the settings of a command.
func newHTTPServer(ctx context.Context, c *cli.Command, cfg *config.Config) (*httpServer, error) {
	s := &httpServer{
		config: cfg,
		print: func(url string) error {
			_, err := fmt.Fprintf(c.Root().Writer, "listening on %s\n", url)
			return err
		},
		stopMemory: func() {},
	}
	if err := s.start(ctx, c); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// start sets the fields of the server by its configuration, and listens last.
func (s *httpServer) start(ctx context.Context, c *cli.Command) (err error) {
	if c.Args().Present() {
		return flags.Errorf("%q is one word too many; %s --help lists what there is", c.Args().First(), c.FullName())
	}
	cfg := s.config
	if s.trusted, err = config.ParseNetworks(cfg.TrustedProxies); err != nil {
		return err
	}
	s.shutdown.delay, s.shutdown.timeout = cfg.DrainDelay, cfg.ShutdownTimeout
	s.logger, err = logging.New(c.Root().ErrWriter, logging.Options{Format: cfg.Log, Level: cfg.LogLevel, Quiet: cfg.Quiet, Query: cfg.LogQuery})
	if err != nil {
		return err
	}
	slog.SetDefault(s.logger)
	if cfg.TLS.Cert != "" {
		if s.certificate, err = https.LoadCertificate(cfg.Path(cfg.TLS.Cert), cfg.Path(cfg.TLS.Key), s.logger); err != nil {
			return flags.Errorf("%w", err)
		}
	}
	if s.memory, err = memory.New(cfg.Memory, cfg.CacheSize, s.logger); err != nil {
		return err
	}
	s.stopMemory = s.memory.Follow()
	s.settings = settingsOf(c, cfg)
	s.listeners, err = listen(ctx, cfg.Listen, s.certificate)
	return err
}

// settingsOf returns the settings of a command for the log, without secrets.
func settingsOf(c *cli.Command, cfg *config.Config) []any {
	logged := []any{slog.String("command", c.Name)}
	for _, flag := range c.Flags {
		name := flag.Names()[0]
		i := slices.IndexFunc(config.Settings(), func(s config.Setting) bool { return s.Flag == name })
		switch {
		case name == "help":
		case i < 0:
			logged = append(logged, slog.String(name, fmt.Sprint(c.Value(name))))
		default:
			logged = append(logged, settingAttr(config.Settings()[i], cfg))
		}
	}
	return logged
}

// settingAttr returns a setting for the log: of a secret whether there is one, and of a map
// the number of its entries, because an address may have a password.
func settingAttr(s config.Setting, cfg *config.Config) slog.Attr {
	value := reflect.ValueOf(cfg.Value(s))
	switch {
	case s.Secret:
		return slog.Bool(s.Flag, !value.IsZero())
	case s.Kind == config.Map:
		return slog.Int(s.Flag, value.Len())
	}
	return slog.String(s.Flag, fmt.Sprint(cfg.Value(s)))
}

// close closes the listeners, and stops the memory plan.
func (s *httpServer) close() {
	s.stopMemory()
	for _, l := range s.listeners {
		_ = l.Close()
	}
}

// application is what has to know that a server stops. *site.Site implements it.
type application interface {
	Stop()                           // load balancers should send no more requests
	Close(ctx context.Context) error // ends the live connections
}

// listenAndServe serves the handler of an application until ctx ends, and then shuts down as
// described at shutdown.
func (s *httpServer) listenAndServe(ctx context.Context, handler http.Handler, app application) error {
	server := &http.Server{
		Handler:           server.SingleWrite(server.DropUnderscores(s.warnUnderscore(), server.TrustProxies(s.trusted, s.warnUntrusted, handler))),
		ConnContext:       server.WithConn,
		Protocols:         protocols(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          logging.ForServer(s.logger),
	}
	s.logStart()
	if err := s.print(s.url()); err != nil {
		return err
	}
	failed := make(chan error, len(s.listeners))
	for _, l := range s.listeners {
		go func() { failed <- server.Serve(l) }()
	}
	notify(s.logger, daemon.SdNotifyReady)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	notify(s.logger, daemon.SdNotifyStopping)
	app.Stop()
	s.shutdown.awaitDelay(s.logger)
	err := s.shutdown.stop(s.logger, server, app.Close)
	for range s.listeners {
		err = errors.Join(err, exceptClosed(<-failed))
	}
	return err
}

// url returns the address of the server for people: an URL, or unix:PATH.
func (s *httpServer) url() string {
	address := s.listeners[0].Addr()
	if address.Network() == "unix" {
		return "unix:" + address.String()
	}
	if s.certificate != nil {
		return "https://" + address.String()
	}
	return "http://" + address.String()
}

// protocols returns HTTP/1, HTTP/2 over TLS, and HTTP/2 without TLS, by prior knowledge (RFC
// 9113 §3.3), for load balancers.
func protocols() *http.Protocols {
	all := &http.Protocols{}
	all.SetHTTP1(true)
	all.SetHTTP2(true)
	all.SetUnencryptedHTTP2(true)
	return all
}

// setCertificate has a server of TLS go on with the certificate of another configuration.
func (s *httpServer) setCertificate(cfg *config.Config) {
	if s.certificate != nil {
		s.certificate.SetFiles(cfg.Path(cfg.TLS.Cert), cfg.Path(cfg.TLS.Key))
	}
}

// exceptClosed returns err, or nil for http.ErrServerClosed, the error of every stopped
// server.
func exceptClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// logStart logs the version of the program and its settings, so that the log alone
// explains how a site was served.
func (s *httpServer) logStart() {
	build := buildinfo.Read()
	s.logger.Info("starting", "version", build.Version, "revision", build.Revision, "date", build.Date, "go", build.Go,
		"address", s.listeners[0].Addr().String(), "memory_limit_bytes", s.memory.Limit, slog.Group("settings", s.settings...))
}

// warnUntrusted logs that a proxy in front is not trusted.
func (s *httpServer) warnUntrusted(peer string) {
	s.logger.Warn("a proxy in front is not trusted, so that its visitors have no limit by address; if it is yours, name it with --trusted-proxy",
		"peer", peer)
}

// warnUnderscore returns a function that logs the first dropped field with an underscore in
// its name.
func (s *httpServer) warnUnderscore() func(field string) {
	var warning sync.Once
	return func(field string) {
		warning.Do(func() {
			s.logger.Warn("a request field with an underscore in its name was dropped, as all such fields are, since some servers take it for a hyphen",
				"field", field)
		})
	}
}
