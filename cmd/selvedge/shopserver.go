package main

import (
	"context"
	"net/http"

	"selvedge/cmd/selvedge/internal/liveprotocol"
	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/fragments"
	"selvedge/fragments/shell"
	"selvedge/hub"
)

// shopServer serves the shop: pages of several fragments, with live connections.
type shopServer struct {
	http     *httpServer
	data     *shopData
	registry *composer.Registry
	site     *live.Site
	pages    *errorPages
	handler  http.Handler // of every request, and of every action over a live connection
}

func newShopServer(h *httpServer, data *shopData, registry *composer.Registry, composing composer.Options, connecting hub.Options) (*shopServer, error) {
	s := &shopServer{http: h, data: data, registry: registry}
	connecting.Actions = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) })
	var err error
	if s.site, s.pages, err = newLiveSite(h, data, registry, shopFrame, composing, connecting); err != nil {
		return nil, err
	}
	p := newProbes(h, data.store.Ping)
	s.handler = front(h, s.pages, p, s.routes(p))
	return s, nil
}

// serve answers requests until ctx ends.
func (s *shopServer) serve(ctx context.Context) error {
	return s.http.listenAndServe(ctx, s.handler, s.site.Close)
}

// newLiveSite returns a site of the fragments in a registry, and its error pages. Frame
// returns the template of a page for a status.
func newLiveSite(h *httpServer, data *shopData, registry *composer.Registry, frame func(status int) string, composing composer.Options, connecting hub.Options) (*live.Site, *errorPages, error) {
	pages := &errorPages{frame: frame}
	composing = h.composing(composing)
	composing.Error = pages.fail
	composing.TokenKey = data.tokenKey
	composing.ESICookies = []string{"scripts"} // set by static/shop.js: a page with the script does not wait for late parts
	composing.SessionCookie = fragments.SessionCookie
	connecting.Logger = h.logger
	connecting.Protocol = liveprotocol.Protocol{SessionID: func(r *http.Request) string { return pages.composer.SessionID(r) }}
	site, err := live.New(registry, composing, connecting)
	if err != nil {
		return nil, nil, err
	}
	pages.composer = site.Composer()
	return site, pages, nil
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
