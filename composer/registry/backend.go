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
	Name    string          // of the fragment, host or mount
	version *semver.Version // nil if unknown
	// External is true for an origin and for an allowed host. Guarded is true for an
	// allowed host alone, because its name may be under an attacker's control.
	External, Guarded bool

	isMount     bool
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

// AllowedHeaders returns Source.Headers, or else the names of the composer's options. The
// source may be nil.
func (b *Backend) AllowedHeaders(byDefault []string) []string {
	if b == nil || b.Headers == nil {
		return byDefault
	}
	return b.Headers
}

// AllowedCookies returns Source.Cookies, or else the names of the composer's options. The
// source may be nil.
func (b *Backend) AllowedCookies(byDefault []string) []string {
	if b == nil || b.Cookies == nil {
		return byDefault
	}
	return b.Cookies
}

// HasOwnHeader reports whether the header for the source differs from the header for
// sources without settings.
func (b *Backend) HasOwnHeader() bool { return b.Cookies != nil || b.Headers != nil }

// WarnOnce reports true in its first call only.
func (b *Backend) WarnOnce() bool { return b.warnedOptIn.CompareAndSwap(false, true) }

// IsMount reports whether the source is that of a mount, whose Name is its prefix.
func (b *Backend) IsMount() bool { return b.isMount }

// IsOrigin reports whether the source is Options.Origin.
func (b *Backend) IsOrigin() bool { return b.External && !b.Guarded }

// Version returns the version of the source, or "" if it is unknown.
func (b *Backend) Version() string {
	if b.version == nil {
		return ""
	}
	return b.version.String()
}

func (b *Backend) versionText() string {
	if b.version == nil {
		return "unknown"
	}
	return b.version.String()
}
