package registry

import (
	"sync/atomic"

	"github.com/Masterminds/semver/v3"

	"selvedge/composer/internal/breaker"
)

// Backend is a Source with the state kept by the composer: the name under which responses
// are stored, and the guard that counts failures. It is immutable except for its guard.
// It is safe for concurrent use.
type Backend struct {
	Source
	Name    string          // of the fragment or host
	version *semver.Version // nil if unknown
	// External is true for an origin and for an allowed host. Guarded is true for an
	// allowed host alone, because its name may be under an attacker's control.
	External, Guarded bool

	guard       atomic.Pointer[breaker.Guard] // nil before the first request
	warnedOptIn atomic.Bool
}

func newBackend(name string, s Source) *Backend {
	return &Backend{Source: s, Name: name}
}

// Guard returns the guard of the source, or nil before SetGuard.
func (b *Backend) Guard() *breaker.Guard { return b.guard.Load() }

// SetGuard sets the guard of the source if the source has none, and returns its guard.
func (b *Backend) SetGuard(g *breaker.Guard) *breaker.Guard {
	b.guard.CompareAndSwap(nil, g)
	return b.guard.Load()
}

// WarnOnce reports true in its first call only.
func (b *Backend) WarnOnce() bool { return b.warnedOptIn.CompareAndSwap(false, true) }

// IsOrigin reports whether the source is Options.Origin.
func (b *Backend) IsOrigin() bool { return b.External && !b.Guarded }

func (b *Backend) versionText() string {
	if b.version == nil {
		return "unknown"
	}
	return b.version.String()
}
