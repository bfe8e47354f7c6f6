package breaker

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// routeBreakers are the breakers of a fragment's routes. A route has a breaker from
// its first failure until the breaker is quiet, so that requests to a fragment without
// failures cost nothing. It is safe for concurrent use.
type routeBreakers struct {
	name   string // of the fragment
	logger *slog.Logger

	size    atomic.Int32 // of byRoute
	mu      sync.Mutex
	byRoute map[string]*circuit
	swept   time.Time // when quiet breakers were last removed
}

// maxRoutes bounds the routes of a fragment with a breaker of their own. Further
// routes share the breaker of anyRoute.
const maxRoutes = 64

// anyRoute stands for all routes without a breaker of their own.
const anyRoute = "any other"

// find returns the breaker for a request, or nil.
func (r *routeBreakers) find(method, target string) *circuit {
	if r.size.Load() == 0 {
		return nil
	}
	route := routeOf(method, target)
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.Sub(r.swept) > breakerWindow {
		r.removeQuiet(now)
	}
	if own := r.byRoute[route]; own != nil {
		return own
	}
	return r.byRoute[anyRoute]
}

// recordFailure counts the failure of a request without a breaker.
func (r *routeBreakers) recordFailure(method, target, reason string, client netip.Addr) {
	r.findOrAdd(routeOf(method, target)).record(0, reason, client)
}

func (r *routeBreakers) findOrAdd(route string) *circuit {
	r.mu.Lock()
	defer r.mu.Unlock()
	if own := r.byRoute[route]; own != nil {
		return own
	}
	r.removeQuiet(time.Now())
	if len(r.byRoute) >= maxRoutes {
		route = anyRoute
	}
	added := r.byRoute[route]
	if added == nil {
		added = newCircuit(r.name, r.logger.With("route", route))
		if r.byRoute == nil {
			r.byRoute = make(map[string]*circuit)
		}
		r.byRoute[route] = added
	}
	r.size.Store(int32(len(r.byRoute)))
	return added
}

// removeQuiet removes the quiet breakers. The caller holds r.mu.
func (r *routeBreakers) removeQuiet(now time.Time) {
	for route, own := range r.byRoute {
		if own.isQuiet(now) {
			delete(r.byRoute, route)
		}
	}
	r.swept = now
	r.size.Store(int32(len(r.byRoute)))
}

// routeOf returns the route of a request, derived from its address: the method and the
// first segments of the path. A segment that looks like an identifier, such as a
// number, becomes *.
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

// Bounds of a route: path segments, and bytes of a segment.
const (
	maxRouteSegments = 4
	maxRouteSegment  = 32
)
