package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/hub"
	"selvedge/store"
)

// process is what every command that serves has: its logger, its places to
// listen, the shop's data and the fragments that show it.
type process struct {
	logger     *slog.Logger
	listeners  []net.Listener // at one address
	store      *store.Store
	follower   *store.Follower // of the store, from before the first request on
	fragments  []*fragments.Fragment
	scripts    scripts
	tokenKey   []byte                   // signs page tokens
	hosts      []string                 // the names that the server goes by; none: any
	trusted    []netip.Prefix           // proxies that are believed who the visitor is
	earlyHints func(*http.Request) bool // as composer.Options takes it
	admin      *fragments.AdminToken    // opens what is for the operator
	connecting hub.Options              // the limits that the operator chose
	print      func(url string) error   // tells the address in use
	composing  composer.Options         // those that the operator chose
	settings   []any                    // as the log has them
	stop       shutdown
	memory     memoryPlan
	// stopMemory ends what follows the plan; nil: nothing does.
	stopMemory func()
	// maxInFlight bounds the requests to one source at a time.
	maxInFlight int
}

// start opens everything that can fail before a request is served.
func start(ctx context.Context, c *cli.Command) (*process, error) {
	p, err := newProcess(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := p.open(ctx, c); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// open opens the shop's data and fragments.
func (p *process) open(ctx context.Context, c *cli.Command) (err error) {
	products := c.Int("products")
	if products < 0 {
		return usageError{errors.New("--products is a number from 0")}
	}
	if p.composing, err = composerOptions(c); err != nil {
		return err
	}
	data := newDataFolder(c.String("data"), c.Bool("fill"))
	if p.store, err = openStore(ctx, data, products, p.logger); err != nil {
		return err
	}
	if p.follower, err = p.store.Follow(ctx); err != nil {
		return err
	}
	if p.tokenKey, err = data.tokenKey(ctx, p.store); err != nil {
		return err
	}
	p.connecting = liveOptions(c)
	if p.scripts, err = readScripts(c.StringSlice("script")); err != nil {
		return err
	}
	layout := shell.Options{Scripts: p.scripts.urls, Dev: c.Bool("dev")}
	p.fragments, err = shopFragments(p.store, layout, p.admin, p.tokenKey)
	return err
}

func (p *process) close() {
	if p.stopMemory != nil {
		p.stopMemory()
	}
	for _, l := range p.listeners {
		_ = l.Close()
	}
	if p.follower != nil {
		if err := p.follower.Close(); err != nil {
			p.logger.Error("close store", "err", err)
		}
	}
	if p.store != nil {
		if err := p.store.Close(); err != nil {
			p.logger.Error("close store", "err", err)
		}
	}
}

// listenAndServe answers requests until ctx ends. Then it stops as the type
// shutdown says, and has drain end the live connections.
func (p *process) listenAndServe(ctx context.Context, h http.Handler, drain func(context.Context) error) error {
	server := &http.Server{
		Handler:           server.SingleWrite(withoutUnderscores(p.logger, server.TrustProxies(p.trusted, p.warnUntrusted, h))),
		ConnContext:       server.WithConn,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(p.logger.Handler(), slog.LevelWarn),
	}
	p.logStart()
	if err := p.print("http://" + p.listeners[0].Addr().String()); err != nil {
		return err
	}
	failed := make(chan error, len(p.listeners))
	for _, l := range p.listeners {
		go func() { failed <- server.Serve(l) }()
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	p.waitDelay()
	err := p.shutDown(server, drain)
	for range p.listeners {
		err = errors.Join(err, closed(<-failed))
	}
	return err
}

// closed is err without the one by which a server says that it was told to
// stop.
func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// warnUntrusted logs that a proxy in front is not trusted.
func (p *process) warnUntrusted(peer string) {
	p.logger.Warn("a proxy in front is not trusted, so that its visitors have no limit by address; if it is yours, name it with --trusted-proxy",
		"peer", peer)
}
