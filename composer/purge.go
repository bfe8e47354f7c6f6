package composer

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/cache"
)

// Purge names stored answers that must not be used as they are. An answer that
// any of its fields names is one of them, and so is one that is on its way.
type Purge struct {
	// Groups are names of data, as for Invalidate.
	Groups []string
	// URLs are addresses with their query: absolute ones, of any scheme, or
	// paths, which stand for all hosts. The address of a fragment's answer is
	// its reference, in any version; that of a page's template is the page's.
	URLs []string
	// Prefix is an address, or a path of all hosts, with which the addresses of
	// answers begin. The empty one names none.
	Prefix string
	// All names every stored answer.
	All bool

	// Soft keeps the answers and has them validated before they are used again.
	// By default they are dropped.
	Soft bool
}

// PurgeError says why a text names no address that could be purged.
type PurgeError struct {
	Address string
	Reason  string
}

func (e *PurgeError) Error() string {
	return fmt.Sprintf("%q cannot be purged: %s", e.Address, e.Reason)
}

// Purge drops stored answers, or has them validated, and returns how many.
// Options.Invalidated is told of the groups, and of the sources whose views may
// have changed, so that open pages are sent what these are. The error is a
// *PurgeError; then nothing was purged.
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

// addressSet is a set of addresses by which visitors know stored responses.
type addressSet struct {
	all       bool
	list      []purgeAddress
	templates *templateNames
}

// purgeAddress is an address, or what addresses begin with.
type purgeAddress struct {
	host     string // empty: any
	target   string // path and query, as comparableTarget returns them
	isPrefix bool
}

// parsePurgeAddress reads an absolute address, or a path of all hosts.
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

// withoutVersion drops the constraint of a reference to a fragment, of which the
// answers of all versions are meant.
func (a purgeAddress) withoutVersion() purgeAddress {
	if ref, err := ParseReference(a.target); err == nil {
		a.target = Prefix + ref.Name + ref.RequestURI()
	}
	return a
}

// comparableHost returns a host as it is compared: in small letters, without
// the dot of the root and without the port of http and https.
func comparableHost(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ":80")
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ".")
}

// comparableTarget returns a path and query as they are compared: in the normal
// form of RFC 3986 §6.2.2.1 and §6.2.2.2, and with all bytes escaped that no URL
// may have. Visitors write an address in many ways, and each is stored as it came.
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

// has reports whether what is stored under a key is known by one of the
// addresses.
func (s *addressSet) has(k cache.Key) bool {
	if s.all {
		return true
	}
	host := k.Scope.Value().Host
	switch {
	case k.Backend == nil:
		return false
	case k.Backend.Guarded: // which has a host of its own
		return s.hasAddress(k.Backend.URL.Host, k.URI)
	case k.Backend.External:
		return s.hasAddress(host, k.URI)
	}
	return s.hasAddress(host, Prefix+k.Backend.Name+k.URI) || s.templates.has(k.Backend.Name) && s.hasPage(host, k.URI)
}

func (s *addressSet) hasAddress(host, target string) bool {
	target = comparableTarget(target)
	return slices.ContainsFunc(s.list, func(a purgeAddress) bool {
		return a.isFor(host) && (a.target == target || a.isPrefix && strings.HasPrefix(target, a.target))
	})
}

// hasPage is hasAddress for the template of a page, which has no query.
func (s *addressSet) hasPage(host, path string) bool {
	return slices.ContainsFunc(s.list, func(a purgeAddress) bool {
		own, _, _ := strings.Cut(a.target, "?")
		return a.isFor(host) && (own == path || a.isPrefix && strings.HasPrefix(path, a.target))
	})
}

// isFor reports whether the address may be one of a host. Open pages are
// rendered for no host, and shown at all of them.
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
