package registry

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/Masterminds/semver/v3"

	"selvedge/composer/internal/address"
)

// Prefix is where fragments stand in the URL space of a composer.
const Prefix = "/fragments/"

// Reference names one fragment's resource: /fragments/cart@^1.2/mini?size=s
// is path /mini?size=s of a version of cart that ^1.2 allows.
type Reference struct {
	Name       string
	Constraint *semver.Constraints // nil: any version
	Path       string              // with its slash, percent-encoded
	Query      string              // without ?
}

// ReferenceError says why a text is no Reference.
type ReferenceError struct {
	Reference string
	Reason    string
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("%q is no reference to a fragment: %s", e.Reference, e.Reason)
}

// maxReference bounds the length of a reference. Variables can make one long.
const maxReference = 8 << 10

// ParseReference reads a reference as it stands in a URL, with Prefix. The
// error is a *ReferenceError.
func ParseReference(s string) (Reference, error) {
	refuse := func(reason string) (Reference, error) {
		return Reference{}, &ReferenceError{s, reason}
	}
	if len(s) > maxReference {
		s = s[:64] + "…"
		return refuse(fmt.Sprintf("it is longer than %d bytes", maxReference))
	}
	addr, _, _ := strings.Cut(s, "#")
	path, query, _ := strings.Cut(addr, "?")
	u, err := url.Parse(address.EscapeIllegal(path))
	if err != nil || address.HasControl(addr) {
		return refuse("it is no URL")
	}
	if u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, Prefix) {
		return refuse("it does not begin with " + Prefix)
	}
	id, path, ok := strings.Cut(strings.TrimPrefix(u.EscapedPath(), Prefix), "/")
	if !ok {
		return refuse("no path follows the name")
	}
	if address.HasDotSegment(u.Path) {
		return refuse("its path has a . or .. segment")
	}
	if id, err = url.PathUnescape(id); err != nil {
		return refuse("its name is badly encoded")
	}
	ref := Reference{Path: "/" + path, Query: address.EscapeQuery(query)}
	name, constraint, versioned := strings.Cut(id, "@")
	if !validName(name) {
		return refuse("a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen")
	}
	ref.Name = name
	if versioned {
		if ref.Constraint, err = semver.NewConstraint(constraint); err != nil {
			return refuse(fmt.Sprintf("%q is no constraint on a version", constraint))
		}
	}
	return ref, nil
}

// ReferenceFor returns the reference to what a URL of this site asks for, in
// the named fragment. The error is a *ReferenceError.
func ReferenceFor(name string, u *url.URL) (Reference, error) {
	path := address.EscapedPath(u)
	switch {
	case !strings.HasPrefix(path, "/"):
		return Reference{}, &ReferenceError{path, "its path does not begin with a slash"}
	case address.HasDotSegment(u.Path):
		return Reference{}, &ReferenceError{path, "its path has a . or .. segment"}
	}
	return Reference{Name: name, Path: path, Query: address.EscapeQuery(address.WithoutArguments(u.RawQuery))}, nil
}

// String returns the reference as it stands in a URL.
func (r Reference) String() string {
	s := Prefix + r.Name
	if r.Constraint != nil {
		s += "@" + url.PathEscape(r.Constraint.String())
	}
	return s + r.RequestURI()
}

// RequestURI is the path and query that a source is asked for.
func (r Reference) RequestURI() string {
	if r.Query == "" {
		return r.Path
	}
	return r.Path + "?" + r.Query
}

func validName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter, digit := 'a' <= c && c <= 'z', '0' <= c && c <= '9'
		if !letter && !digit && (c != '-' || i == 0) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// NameOf returns the fragment that a reference names, "" if it is none.
func NameOf(reference string) string {
	ref, err := ParseReference(reference)
	if err != nil {
		return ""
	}
	return ref.Name
}
