package main

import (
	"context"
	"net/http"

	"selvedge/cmd/selvedge/internal/liveprotocol"
	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/composer/server"
	"selvedge/composer/site"
	"selvedge/fragments"
	"selvedge/fragments/shell"
)

// shopServer serves the shop: pages of several fragments, with live connections.
type shopServer struct {
	http     *httpServer
	data     *shopData
	registry *composer.Registry
	site     *live.Site
	pages    *site.ErrorPages
	probes   *server.Probes
	handler  http.Handler // of every request, and of every action over a live connection
}

func newShopServer(h *httpServer, data *shopData, registry *composer.Registry) (*shopServer, error) {
	s := &shopServer{http: h, data: data, registry: registry, probes: &server.Probes{Check: data.store.Ping, Logger: h.logger}}
	var err error
	if s.site, s.pages, err = newLiveSite(h, data, registry, shopFrame, s); err != nil {
		return nil, err
	}
	s.handler = front(h, s.pages, s.probes, s.routes())
	return s, nil
}

// ServeHTTP answers a request.
func (s *shopServer) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Stop has load balancers send no more requests.
func (s *shopServer) Stop() { s.probes.Stop() }

// Close ends the live connections.
func (s *shopServer) Close(ctx context.Context) error { return s.site.Close(ctx) }

// newLiveSite returns a site of the fragments in a registry, and its error pages. Frame
// returns the template of a page for a status, and actions answers the actions of live
// connections.
func newLiveSite(h *httpServer, data *shopData, registry *composer.Registry, frame func(status int) string, actions http.Handler) (*live.Site, *site.ErrorPages, error) {
	var s *live.Site
	pages := &site.ErrorPages{
		Composer:  func() *composer.Composer { return s.Composer() },
		Template:  func(_ *http.Request, status int) string { return frame(status) },
		ProblemOf: problemOf,
	}
	composing, err := site.ComposerOptions(h.config)
	if err != nil {
		return nil, nil, err
	}
	composing.Logger, composing.Error = h.logger, pages.Fail
	composing.TokenKey = data.tokenKey
	composing.ESICookies = []string{"scripts"} // set by static/shop.js: a page with the script does not wait for late parts
	composing.SessionCookie = fragments.SessionCookie
	connecting := site.HubOptions(h.config)
	connecting.Logger, connecting.Actions = h.logger, actions
	connecting.Protocol = liveprotocol.Protocol{SessionID: func(r *http.Request) string { return s.Composer().SessionID(r) }}
	s, err = live.New(registry, composing, connecting)
	if err != nil {
		return nil, nil, err
	}
	return s, pages, nil
}

// shopFrame returns the shop's template for a page with a status.
func shopFrame(status int) string {
	switch {
	case status == http.StatusNotFound:
		return composer.Prefix + shell.Name + "/not-found"
	case status >= 400:
		return composer.Prefix + shell.Name + "/error"
	}
	return composer.Prefix + shell.Name + "/frame"
}
