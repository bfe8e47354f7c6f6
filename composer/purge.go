package composer

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/cache"
	"selvedge/composer/registry"
)

// Purge selects responses by any of its fields: stored ones, and those on their way.
type Purge struct {
	// Groups are the names of data, as for Invalidate.
	Groups []string
	// URLs are addresses with their query:
	//   - absolute, as https://shop.example/list: for this host, and both schemes;
	//   - a path, as /list: for all hosts.
	//
	// A response of a fragment has the address of its reference, in any version. The
	// template of a page has the address of the page, with any query.
	URLs []string
	// Prefix is the beginning of addresses, absolute or a path. Empty: none.
	Prefix string
	// All selects every response.
	All bool

	// Soft keeps the responses, and has each validated before its next use. By default
	// the responses are dropped.
	Soft bool
}

// PurgeError is the error of a text that is no address to purge.
type PurgeError struct {
	Address string
	Reason  string
}

func (e *PurgeError) Error() string {
	return fmt.Sprintf("%q cannot be purged: %s", e.Address, e.Reason)
}

// Purge drops stored responses, or has them validated, and returns their number. It
// reports to Options.Invalidated, for the open pages:
//   - the groups of p;
//   - SourceGroup of each fragment whose views may have changed.
//
// If the error is not nil, it is a *PurgeError, and nothing was purged.
func (c *Composer) Purge(p Purge) (int, error) {
	addresses := &addressSet{all: p.All, templates: &c.templates}
	for _, text := range p.URLs {
		a, err := parsePurgeAddress(text)
		if err != nil {
			return 0, err
		}
		addresses.list = append(addresses.list, a)
	}
	if p.Prefix != "" {
		a, err := parsePurgeAddress(p.Prefix)
		if err != nil {
			return 0, err
		}
		a.isPrefix = true
		addresses.list = append(addresses.list, a)
	}
	n := c.dropStored(cache.Purge{Groups: p.Groups, Matches: addresses.has, Soft: p.Soft})
	groups := slices.Clone(p.Groups)
	for _, entry := range c.registry.List() {
		if addresses.mayHaveViews(entry.Name) {
			groups = append(groups, SourceGroup(entry.Name))
		}
	}
	c.tellInvalidated(groups)
	return n, nil
}

// addressSet is a set of addresses of stored responses, as visitors write them.
type addressSet struct {
	all       bool
	list      []purgeAddress
	templates *pageTemplates
}

// purgeAddress is an address, or the beginning of addresses.
type purgeAddress struct {
	host     string // empty: any host
	target   string // path and query, as from comparableTarget
	isPrefix bool
}

// parsePurgeAddress reads an absolute address, or a path for all hosts.
func parsePurgeAddress(text string) (purgeAddress, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return purgeAddress{}, &PurgeError{text, "it is no URL"}
	case u.Scheme == "" && u.Host == "" && !strings.HasPrefix(text, "/"):
		return purgeAddress{}, &PurgeError{text, "it is neither absolute, as https://shop.example/list, nor a path, as /list"}
	case u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https", u.Host == "" && u.Scheme != "", u.Opaque != "":
		return purgeAddress{}, &PurgeError{text, "an absolute address has the scheme http or https, and a host"}
	}
	return purgeAddress{host: comparableHost(u.Host), target: comparableTarget(address.Target(u))}.withoutVersion(), nil
}

// withoutVersion removes the constraint from a reference to a fragment, because the address
// stands for all versions.
func (a purgeAddress) withoutVersion() purgeAddress {
	if ref, err := ParseReference(a.target); err == nil {
		a.target = Prefix + ref.Name + ref.RequestURI()
	}
	return a
}

// comparableHost returns a host for comparison: in small letters, without the dot of the
// root, and without the ports of http and https.
func comparableHost(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ":80")
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ".")
}

// comparableTarget returns a path and query for comparison: normalized as in RFC 3986
// §6.2.2.1 and §6.2.2.2, with illegal bytes escaped. The cache stores an address as the
// visitor wrote it, and visitors write one address in several ways.
func comparableTarget(target string) string {
	target = address.EscapeIllegal(target)
	before, rest, found := strings.Cut(target, "%")
	if !found {
		return target
	}
	normal := []byte(before)
	for found {
		digits := rest[:min(2, len(rest))]
		if value, err := strconv.ParseUint(digits, 16, 8); err == nil && len(digits) == 2 && address.IsUnreserved(byte(value)) {
			normal = append(normal, byte(value))
		} else {
			normal = append(append(normal, '%'), strings.ToUpper(digits)...)
		}
		before, rest, found = strings.Cut(rest[len(digits):], "%")
		normal = append(normal, before...)
	}
	return string(normal)
}

// has reports whether the responses for a key have an address in the set.
func (s *addressSet) has(k cache.Key) bool {
	if s.all {
		return true
	}
	host := k.Scope.Value().Host
	switch {
	case k.Backend == nil:
		return false
	case k.Backend.Guarded: // an allowed host, with a name of its own
		return s.hasAddress(k.Backend.URL.Host, k.URI)
	case k.Backend.External:
		return s.hasAddress(host, k.URI)
	}
	return s.hasAddress(host, k.String()) || s.templates.has(k.Backend.Name) && s.hasPage(host, k.URI) ||
		s.hasPageOf(host, k.Target)
}

func (s *addressSet) hasAddress(host, target string) bool {
	target = comparableTarget(target)
	return slices.ContainsFunc(s.list, func(a purgeAddress) bool {
		return a.isFor(host) && (a.target == target || a.isPrefix && strings.HasPrefix(target, a.target))
	})
}

// hasPage is hasAddress for the template of a page. Its key has no query.
func (s *addressSet) hasPage(host, path string) bool {
	return slices.ContainsFunc(s.list, func(a purgeAddress) bool {
		own, _, _ := strings.Cut(a.target, "?")
		return a.isFor(host) && (own == path || a.isPrefix && strings.HasPrefix(path, a.target))
	})
}

// hasPageOf is hasAddress for the pages of a template of ServePage.
func (s *addressSet) hasPageOf(host string, template registry.Target) bool {
	paths, isComplete := s.templates.pagesOf(template)
	return slices.ContainsFunc(paths, func(path string) bool { return s.hasPage(host, comparableTarget(path)) }) ||
		!isComplete && slices.ContainsFunc(s.list, func(a purgeAddress) bool { return a.isFor(host) })
}

// isFor reports whether the address can be one of a host. An empty host is that of a
// rendering for open pages, which is shown at all hosts.
func (a purgeAddress) isFor(host string) bool {
	return a.host == "" || host == "" || a.host == comparableHost(host)
}

// mayHaveViews reports whether an address may be the reference of a view of
// the named fragment.
func (s *addressSet) mayHaveViews(name string) bool {
	own := Prefix + name + "/"
	return s.all || slices.ContainsFunc(s.list, func(a purgeAddress) bool {
		return strings.HasPrefix(a.target, own) || a.isPrefix && strings.HasPrefix(own, a.target)
	})
}
