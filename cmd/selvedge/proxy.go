package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/urfave/cli/v3"

	"selvedge/composer"
	"selvedge/composer/server"
	"selvedge/fragments"
)

func proxyCommand() *cli.Command {
	return &cli.Command{
		Name:         "proxy",
		Usage:        "stand in front of an origin as a shared cache that completes its pages",
		ArgsUsage:    "ORIGIN",
		Arguments:    []cli.Argument{&cli.StringArg{Name: "origin", UsageText: "ORIGIN"}},
		Flags:        proxyFlags(),
		Action:       proxy,
		OnUsageError: onUsageError,
	}
}

func proxyFlags() []cli.Flag {
	return append(slices.Concat(serverFlags("127.0.0.1:8080"), composerFlags(30*time.Second)),
		list("esi-cookie", "let templates show the cookie `NAME`, or all with '*'"),
		list("allow-host", "let includes reach `HOST` too, such as example.com:8443, *.example.com or 10.0.0.5"),
		list("cookie", "send the cookie `NAME`, or all with '*', with includes too"),
		list("header", "send the header field `NAME`, such as Authorization, with includes too"),
		list("set-cookie", "let includes set the cookie `NAME`, or all with '*'"),
		list("esi-type", "read the media `TYPE` as ESI too if it opts in, such as text/plain"),
		&cli.BoolFlag{
			Name:    "esi-alias",
			Usage:   "let Edge-Control: dca=esi and X-Esi: 1 opt in as Surrogate-Control does",
			Sources: fromEnvironment("esi-alias"),
		},
		list("surrogate", "hand templates as they are to composers in `NETWORK`, such as 10.0.0.0/8 or 10.0.0.5, that say they read ESI"),
		&cli.BoolFlag{
			Name:    "obey-request-cache-control",
			Usage:   "fetch a document again if a visitor's Cache-Control says no-cache, no-store, max-age or min-fresh, or Pragma says no-cache; by default they are ignored, because any visitor could load the origin with them",
			Sources: fromEnvironment("obey-request-cache-control"),
		},
		duration("origin-timeout", time.Minute, "time until the origin begins to answer"),
		text("admin-token", "", "bearer token of at least 16 bytes that may invalidate what is stored; empty: nobody may"),
		&cli.BoolFlag{
			Name:    "dev",
			Usage:   "name the hosts of includes in Server-Timing, which visitors see",
			Sources: fromEnvironment("dev"),
		},
	)
}

// proxy runs the composer in front of an origin until ctx ends.
func proxy(ctx context.Context, c *cli.Command) error {
	origin, err := parseOrigin(c.StringArg("origin"))
	if err != nil {
		return err
	}
	options, err := proxyOptions(c)
	if err != nil {
		return err
	}
	process, err := newProcess(ctx, c)
	if err != nil {
		return err
	}
	defer process.close()
	s := &site{process: process}
	options.Origin, options.Error, options.Logger = origin, s.failProxy, process.logger
	options.EarlyHints = process.earlyHints
	options.MaxInFlight, options.ClientAddress = process.maxInFlight, server.ClientAddress
	s.composer, err = composer.New(composer.NewRegistry(), options)
	if err != nil {
		return usageError{err}
	}
	stop := func(context.Context) error {
		s.composer.Close()
		return nil
	}
	return process.listenAndServe(ctx, s.routesProxy(), stop)
}

// routesProxy is every URL of a proxy. Those under /-/ are ours; all others are
// the origin's.
func (s *site) routesProxy() http.Handler {
	r := chi.NewRouter()
	astray(r, sayBare)
	r.Post("/-/invalidate", s.invalidate)
	read(r, "/-/healthz", http.HandlerFunc(s.healthy))
	read(r, "/-/readyz", http.HandlerFunc(s.ready))
	theirs := server.ExtendDeadlines(s.composer.Proxy())
	inner := server.RequestCheck{Hosts: s.hosts, PassThrough: true, Refuse: refuseBy(sayBare)}.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasPrefix(req.URL.Path, "/-/") {
			r.ServeHTTP(w, req)
			return
		}
		theirs.ServeHTTP(w, req)
	}))
	return identify(s.logger, recoverPanic(s.logger, s.probes("/-", inner)))
}

// failProxy answers a request that the origin did not, or with a page that could
// not be completed. What a fragment wrote for the person at the browser stands
// on a page of its own.
func (s *site) failProxy(w http.ResponseWriter, r *http.Request, err error) {
	var refused *composer.RefusedError
	if errors.As(err, &refused) && refused.Body != nil && isForPerson(r) {
		w.Header().Add("Vary", "Accept")
		showBare(w, refused.Status, refused.Body)
		return
	}
	sayBare(w, r, proxyProblem(err))
}

// sayBare says what is wrong: on a page with nothing around it for a person, as
// a problem for a program.
func sayBare(w http.ResponseWriter, r *http.Request, p *fragments.Problem) {
	if !isForPerson(r) {
		fragments.Error(w, r, p)
		return
	}
	w.Header().Add("Vary", "Accept")
	showBare(w, p.Status, fragments.Explain(r, p))
}

func isForPerson(r *http.Request) bool { return fragments.PrefersHTML(r) && !fragments.InBackground(r) }

// proxyProblem says in words what no answer came of.
func proxyProblem(err error) *fragments.Problem {
	var request *composer.RequestError
	if errors.As(err, &request) {
		return bodyProblem(request)
	}
	p := &fragments.Problem{Status: composer.StatusOf(err)}
	switch {
	case p.Status == http.StatusNotFound, p.Status == http.StatusGone:
		p.Detail = "There is nothing at this address."
	case p.Status < http.StatusInternalServerError:
		p.Detail = "This page cannot be had as it was asked for."
	case p.Status == http.StatusGatewayTimeout:
		p.Title, p.Err = "This takes too long", err
		p.Detail = "The server that should answer does not. If you sent a form, look whether it arrived before you send it again."
	default:
		p.Title, p.Err = "This page is out of reach", err
		p.Detail = "A server that should answer cannot be reached, or is in trouble. Please try again in a moment."
	}
	return p
}
