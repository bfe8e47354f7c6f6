package standalone

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/fragments"
	"selvedge/hub"
	"selvedge/static"
)

// Options are the options of a fragment that is served alone. The zero value works.
type Options struct {
	// Styles are the addresses of stylesheets before the stylesheet of the page, such as
	// the layout of the site. Default: none.
	Styles []string
	// Composer and Hub are the options of the site. Error and SessionCookie of Composer
	// are overwritten. Logger of Composer also receives the address of the server.
	Composer composer.Options
	Hub      hub.Options
}

// The limits of the connections of the server.
const (
	headerTimeout   = 5 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 5 * time.Second
)

// ListenAndServe serves a fragment at an address, such as "localhost:8091", until ctx
// ends, and then returns nil. An error is from the listener or from invalid Options.
func ListenAndServe(ctx context.Context, address string, f *fragments.Fragment, o Options) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return Serve(ctx, l, f, o)
}

// Serve is ListenAndServe for an open listener. It closes the listener.
func Serve(ctx context.Context, l net.Listener, f *fragments.Fragment, o Options) error {
	if o.Composer.Logger == nil {
		o.Composer.Logger = slog.Default()
	}
	site, err := newSite(f, o)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	check := server.RequestCheck{Refuse: func(w http.ResponseWriter, r *http.Request, why *server.RequestError) {
		fragments.Error(w, r, server.ProblemOf(why))
	}}
	s := &http.Server{
		Handler:           check.Handler(http.NewCrossOriginProtection().Handler(withScripts(Handler(site, f)))),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(o.Composer.Logger.Handler(), slog.LevelWarn),
	}
	o.Composer.Logger.Info("serving a fragment alone", "fragment", f.Manifest().Name, "url", "http://"+l.Addr().String())
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	return errors.Join(err, shutDown(ctx, s, site))
}

// shutDown closes the live connections first, because they would keep the server open,
// and then the server and the site.
func shutDown(ctx context.Context, s *http.Server, site *live.Site) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := errors.Join(site.Hub().Close(ctx), s.Shutdown(ctx))
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	site.Composer().Close()
	return err
}

// newSite returns the site of a fragment and its page.
func newSite(f *fragments.Fragment, o Options) (*live.Site, error) {
	registry, err := NewRegistry(f, fragments.StandaloneOptions{Styles: o.Styles, Scripts: []string{static.URL("selvedge.js")}, Live: "/live"})
	if err != nil {
		return nil, err
	}
	var site *live.Site
	o.Composer.SessionCookie = fragments.SessionCookie
	o.Composer.Error = func(w http.ResponseWriter, r *http.Request, err error) { fail(site.Composer(), w, r, err) }
	site, err = live.New(registry, o.Composer, o.Hub)
	return site, err
}

// fail responds to a request after an error of the composer. An error text of the
// fragment for a person is shown in the page, if the request prefers HTML.
func fail(c *composer.Composer, w http.ResponseWriter, r *http.Request, err error) {
	var refused *composer.RefusedError
	if !errors.As(err, &refused) || refused.Body == nil || !fragments.PrefersHTML(r) {
		fragments.Error(w, r, &fragments.Problem{Status: composer.StatusOf(err), Err: err})
		return
	}
	if fragments.InBackground(r) && fragments.SwapError(w, r, refused.Status, refused.Body) == nil {
		return
	}
	answer := composer.Answer{Status: refused.Status, Body: refused.Body}
	if err := c.Frame(w, r, composer.Prefix+fragments.StandaloneName+fragments.FramePath, answer); err != nil {
		fragments.Error(w, r, &fragments.Problem{Status: refused.Status})
	}
}

// withScripts serves the scripts of package static before next.
func withScripts(next http.Handler) http.Handler {
	scripts := static.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if static.Has(r.URL.Path) || static.IsStale(r.URL.Path) {
			scripts.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
