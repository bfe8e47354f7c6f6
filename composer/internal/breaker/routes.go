package breaker

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxRoutes bounds the routes of a fragment whose failures are counted apart at
// a time. Further routes are counted together, as anyRoute.
const maxRoutes = 64

// anyRoute stands for all routes that have no breaker of their own.
const anyRoute = "any other"

// routeBreakers are the breakers of a fragment's routes. A route has one from its
// first failure until it is quiet again, so that a fragment without failures
// costs its requests nothing. It is safe for concurrent use.
type routeBreakers struct {
	name   string // of the fragment
	logger *slog.Logger

	size    atomic.Int32 // of byRoute
	mu      sync.Mutex
	byRoute map[string]*circuit
	swept   time.Time // when quiet ones were removed last
}

// find returns the breaker that a request has to pass, or nil.
func (b *routeBreakers) find(method, target string) *circuit {
	if b.size.Load() == 0 {
		return nil
	}
	route := routeOf(method, target)
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); now.Sub(b.swept) > breakerWindow {
		b.removeQuiet(now)
	}
	if own := b.byRoute[route]; own != nil {
		return own
	}
	return b.byRoute[anyRoute]
}

// recordFailure counts the failure of a request that passed no breaker.
func (b *routeBreakers) recordFailure(method, target, reason string, client netip.Addr) {
	b.findOrAdd(routeOf(method, target)).record(0, reason, client)
}

func (b *routeBreakers) findOrAdd(route string) *circuit {
	b.mu.Lock()
	defer b.mu.Unlock()
	if own := b.byRoute[route]; own != nil {
		return own
	}
	b.removeQuiet(time.Now())
	if len(b.byRoute) >= maxRoutes {
		route = anyRoute
	}
	added := b.byRoute[route]
	if added == nil {
		added = newCircuit(b.name, b.logger.With("route", route))
		if b.byRoute == nil {
			b.byRoute = make(map[string]*circuit)
		}
		b.byRoute[route] = added
	}
	b.size.Store(int32(len(b.byRoute)))
	return added
}

// removeQuiet removes the breakers of routes that do not fail any longer.
func (b *routeBreakers) removeQuiet(now time.Time) {
	for route, own := range b.byRoute {
		if own.isQuiet(now) {
			delete(b.byRoute, route)
		}
	}
	b.swept = now
	b.size.Store(int32(len(b.byRoute)))
}

// routeOf returns the route of a request as far as its address tells: the method
// and the first segments of the path, with * for each segment that looks like
// the name of a thing, such as a number.
func routeOf(method, target string) string {
	if method == "HEAD" {
		method = "GET"
	}
	path, _, _ := strings.Cut(target, "?")
	var b strings.Builder
	b.WriteString(method + " ")
	segments := 0
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if segments++; segments > maxRouteSegments {
			break
		}
		if len(segment) > maxRouteSegment || strings.ContainsAny(segment, "0123456789%") {
			segment = "*"
		}
		b.WriteString("/" + segment)
	}
	return b.String()
}

// A route is made of the first segments of a path, and of the first bytes of each.
const (
	maxRouteSegments = 4
	maxRouteSegment  = 32
)
