package main

import (
	"context"
	"net/http"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/hub"
)

// site is what answers requests: the composer, and pages for what it cannot
// answer.
type site struct {
	*process
	registry *composer.Registry
	composer *composer.Composer
	hub      *hub.Hub
	// frame is the template around an answer with a given status that stands
	// on a page by itself.
	frame func(status int) string
	// whole answers every request, also those that come over a live
	// connection instead of one of their own.
	whole http.Handler
}

func newSite(registry *composer.Registry, process *process) (*site, error) {
	s := &site{process: process, registry: registry, frame: shopFrame}
	var err error
	composing := process.composing
	composing.Error, composing.Logger = s.fail, process.logger
	composing.TokenKey = process.tokenKey
	composing.EarlyHints = process.earlyHints
	composing.MaxInFlight, composing.ClientAddress = process.maxInFlight, clientAddress
	composing.ESICookies = []string{"scripts"}        // by which pages wait for what is late; set by static/shop.js
	composing.SessionCookie = fragments.SessionCookie // by which fragments read it, in every process
	composing.Invalidated = func(groups []string) { s.hub.Invalidate(groups...) }
	s.composer, err = composer.New(registry, composing)
	if err != nil {
		return nil, err
	}
	options := process.live
	options.Logger, options.Protocol = process.logger, protocol{s.composer}
	options.Cookies = s.composer.CookieNames()
	options.Actions = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.whole.ServeHTTP(w, r) })
	s.hub, err = hub.New(pages{s.composer}, options)
	return s, err
}

// close ends what the site has open, live connections first.
func (s *site) close(ctx context.Context) error {
	err := s.hub.Close(ctx)
	s.composer.Close()
	return err
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
