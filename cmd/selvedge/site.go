package main

import (
	"context"
	"net/http"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/hub"
)

// site is what answers requests: the composer, and pages for what it cannot
// answer.
type site struct {
	*process
	registry *composer.Registry
	live     *live.Site
	composer *composer.Composer // of live
	hub      *hub.Hub           // of live
	// frame is the template around an answer with a given status that stands
	// on a page by itself.
	frame func(status int) string
	// whole answers every request, also those that come over a live
	// connection instead of one of their own.
	whole http.Handler
}

func newSite(registry *composer.Registry, process *process) (*site, error) {
	s := &site{process: process, registry: registry, frame: shopFrame}
	composing := process.composing
	composing.Error, composing.Logger = s.fail, process.logger
	composing.TokenKey = process.tokenKey
	composing.EarlyHints = process.earlyHints
	composing.MaxInFlight, composing.ClientAddress = process.maxInFlight, server.ClientAddress
	composing.ESICookies = []string{"scripts"}        // by which pages wait for what is late; set by static/shop.js
	composing.SessionCookie = fragments.SessionCookie // by which fragments read it, in every process
	connecting := process.connecting
	connecting.Logger, connecting.Protocol = process.logger, protocol{s}
	connecting.Actions = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.whole.ServeHTTP(w, r) })
	var err error
	if s.live, err = live.New(registry, composing, connecting); err != nil {
		return nil, err
	}
	s.composer, s.hub = s.live.Composer(), s.live.Hub()
	return s, nil
}

// close ends what the site has open, live connections first.
func (s *site) close(ctx context.Context) error {
	return s.live.Close(ctx)
}

func shopFrame(status int) string {
	switch {
	case status == http.StatusNotFound:
		return composer.Prefix + shell.Name + "/not-found"
	case status >= 400:
		return composer.Prefix + shell.Name + "/error"
	}
	return composer.Prefix + shell.Name + "/frame"
}
