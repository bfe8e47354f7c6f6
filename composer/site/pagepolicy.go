package site

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"selvedge/composer/internal/csp"
	"selvedge/composer/manifest"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

// pagePolicy is the policy of a site, with the hosts that the manifests of its fragments add
// to the Content-Security-Policy as far as the configuration allows it. It is safe for
// concurrent use.
type pagePolicy struct {
	logger  *slog.Logger
	current atomic.Pointer[config.Policy]

	mu        sync.Mutex
	config    *config.Config
	requested map[string]map[string][]string // source expressions, by fragment and directive
	logged    map[refusedHost]bool
}

// refusedHost is a host of a manifest that the configuration does not allow.
type refusedHost struct{ fragment, directive, host string }

const (
	// maxRequestedHosts limits the hosts of a directive in a manifest, because they become
	// a part of each response. Further ones are ignored.
	maxRequestedHosts = 16
	// maxRefusedHosts limits the remembered hosts. At the limit no further one is logged.
	maxRefusedHosts = 256
)

func newPagePolicy(logger *slog.Logger) *pagePolicy {
	return &pagePolicy{logger: logger, requested: make(map[string]map[string][]string), logged: make(map[refusedHost]bool)}
}

// load returns the policy of this moment. It must not be changed.
func (p *pagePolicy) load() *config.Policy { return p.current.Load() }

// setConfig has the policy go on with another configuration, and with the manifests known so
// far. own are the fragments of the program.
func (p *pagePolicy) setConfig(c *config.Config, own map[string]http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.config = c
	for name, h := range own {
		if f, ok := h.(interface{ Manifest() fragments.Manifest }); ok && c.Fragments[name].URL == "" {
			p.requested[name] = f.Manifest().Policy
		}
	}
	p.update()
}

// setManifest has the policy go on with another manifest of a fragment.
func (p *pagePolicy) setManifest(fragment string, m manifest.Manifest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requested[fragment] = m.Policy
	p.update()
}

// update makes the policy of the configuration and the manifests.
func (p *pagePolicy) update() {
	next := p.config.Policy
	if text := next.ContentSecurityPolicy; text != "" && !strings.EqualFold(text, "off") {
		for _, fragment := range slices.Sorted(maps.Keys(p.config.Fragments)) {
			for _, directive := range slices.Sorted(maps.Keys(p.requested[fragment])) {
				if hosts := p.allowed(fragment, directive); len(hosts) > 0 {
					text = csp.Extend(text, directive, hosts)
				}
			}
		}
		next.ContentSecurityPolicy = text
	}
	p.current.Store(&next)
}

// allowed returns the hosts of a directive in the manifest of a fragment that the configuration
// allows. Any other one is logged once.
func (p *pagePolicy) allowed(fragment, directive string) []string {
	requested := p.requested[fragment][directive]
	var hosts []string
	for _, host := range requested[:min(len(requested), maxRequestedHosts)] {
		isAllowed := func(pattern string) bool { return csp.Covers(pattern, host) }
		if slices.ContainsFunc(p.config.Fragments[fragment].Policy[directive], isAllowed) {
			hosts = append(hosts, host)
		} else {
			p.logRefused(refusedHost{fragment, directive, host})
		}
	}
	return hosts
}

func (p *pagePolicy) logRefused(h refusedHost) {
	if p.logged[h] || len(p.logged) >= maxRefusedHosts {
		return
	}
	p.logged[h] = true
	p.logger.Warn("the manifest of a fragment adds a host to the policy, which the configuration does not allow",
		"fragment", h.fragment, "directive", h.directive, "host", h.host, "key", "fragments."+h.fragment+".policy."+h.directive)
}
