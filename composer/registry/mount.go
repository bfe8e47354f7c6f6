package registry

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"selvedge/composer/internal/address"
)

// mountPrefix begins the prefix of each mount.
const mountPrefix = "/-/"

// Mount has addresses in templates that begin with prefix lead to a handler of this process,
// as /-/slots/related does with the prefix /-/slots/. The prefix begins with /-/ and ends
// with a slash, with at least one segment between them. The handler receives the path below
// the prefix, with a slash before it, and the query. Of several prefixes of an address the
// longest counts. Another Mount of a prefix replaces its handler, and no response of the
// previous handler is used from then on.
//
// The templates are those of fragments, of mounts and of the origin; a template of an allowed
// host reaches no mount. A mount is never public: no request of a visitor, no page token and
// no reference leads to it. Its responses are stored as those of a fragment, and are no
// views, because open pages know their views by reference.
//
// The error describes an invalid prefix, or a nil handler.
func (r *Registry) Mount(prefix string, h http.Handler) error {
	if h == nil {
		return fmt.Errorf("mount %s: it has no handler", prefix)
	}
	if err := checkMountPrefix(prefix); err != nil {
		return fmt.Errorf("mount %q: %w", prefix, err)
	}
	mount := newBackend(prefix, Source{Handler: h})
	mount.isMount = true
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes.Add(1)
	r.mounts[prefix] = mount
	return nil
}

func checkMountPrefix(prefix string) error {
	inner, begins := strings.CutPrefix(prefix, mountPrefix)
	inner, ends := strings.CutSuffix(inner, "/")
	if !begins || !ends || inner == "" {
		return errors.New("a prefix begins with /-/ and ends with a slash, as /-/slots/ does")
	}
	for segment := range strings.SplitSeq(inner, "/") {
		isPlain := strings.Trim(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
		if segment == "" || !isPlain {
			return errors.New("a segment of a prefix has letters, digits, hyphens and underscores")
		}
	}
	return nil
}

// mounted returns the target of an address below the prefix of a mount. It reports false for
// an address of no mount. The error is a *ReferenceError.
func (r *Registry) mounted(text string) (at Target, ok bool, err error) {
	mount := r.mountOf(text)
	if mount == nil {
		return Target{}, false, nil
	}
	u, query, reason := parseLocal(text)
	if reason == "" && address.HasDotSegment(u.Path) {
		reason = dotSegment
	}
	if reason != "" {
		return Target{}, true, &ReferenceError{shortened(text), reason}
	}
	below := strings.TrimPrefix(u.EscapedPath(), strings.TrimSuffix(mount.Name, "/"))
	return Target{mount, Reference{Path: below, Query: query}.RequestURI()}, true, nil
}

// mountOf returns the mount with the longest prefix of an address, or nil.
func (r *Registry) mountOf(text string) *Backend {
	if !strings.HasPrefix(text, mountPrefix) {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var longest *Backend
	for prefix, mount := range r.mounts {
		if strings.HasPrefix(text, prefix) && (longest == nil || len(prefix) > len(longest.Name)) {
			longest = mount
		}
	}
	return longest
}
