package registry

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/Masterminds/semver/v3"

	"selvedge/composer/internal/address"
)

// Reference names a resource of a fragment: /fragments/cart@^1.2/mini?size=s is the
// resource /mini?size=s of a version of cart allowed by ^1.2.
type Reference struct {
	Name       string
	Constraint *semver.Constraints // nil: any version
	Path       string              // begins with a slash, percent-encoded
	Query      string              // without ?
}

// Prefix is the path of fragments in the URL space of a composer.
const Prefix = "/fragments/"

// ReferenceError is the error of a text that is not a Reference.
type ReferenceError struct {
	Reference string
	Reason    string
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("%q is no reference to a fragment: %s", e.Reference, e.Reason)
}

// maxReference bounds the length of a reference, in bytes, because variables can make
// it long.
const maxReference = 8 << 10

// ParseReference reads a reference as written in a URL, with Prefix. The error is a
// *ReferenceError.
func ParseReference(s string) (Reference, error) {
	refuse := func(reason string) (Reference, error) {
		return Reference{}, &ReferenceError{shortened(s), reason}
	}
	u, query, reason := parseLocal(s)
	if reason != "" {
		return refuse(reason)
	}
	if u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, Prefix) {
		return refuse("it does not begin with " + Prefix)
	}
	id, path, ok := strings.Cut(strings.TrimPrefix(u.EscapedPath(), Prefix), "/")
	if !ok {
		return refuse("no path follows the name")
	}
	if address.HasDotSegment(u.Path) {
		return refuse(dotSegment)
	}
	id, err := url.PathUnescape(id)
	if err != nil {
		return refuse("its name is badly encoded")
	}
	ref := Reference{Path: "/" + path, Query: query}
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

const dotSegment = "its path has a . or .. segment"

// parseLocal returns the path of an address, and the query with illegal bytes escaped, or the
// reason to refuse the address.
func parseLocal(text string) (u *url.URL, query, reason string) {
	if len(text) > maxReference {
		return nil, "", fmt.Sprintf("it is longer than %d bytes", maxReference)
	}
	addr, _, _ := strings.Cut(text, "#")
	path, query, _ := strings.Cut(addr, "?")
	u, err := url.Parse(address.EscapeIllegal(path))
	if err != nil || address.HasControl(addr) {
		return nil, "", "it is no URL"
	}
	return u, address.EscapeQuery(query), ""
}

// shortened returns an address for a message.
func shortened(text string) string {
	if len(text) > maxReference {
		return text[:64] + "…"
	}
	return text
}

// ReferenceFor returns the reference to the resource of a fragment with the path and
// query of u, a URL of this site. Query parameters for templates alone are removed.
// The error is a *ReferenceError.
func ReferenceFor(name string, u *url.URL) (Reference, error) {
	path := address.EscapedPath(u)
	switch {
	case !strings.HasPrefix(path, "/"):
		return Reference{}, &ReferenceError{path, "its path does not begin with a slash"}
	case address.HasDotSegment(u.Path):
		return Reference{}, &ReferenceError{path, dotSegment}
	}
	return Reference{Name: name, Path: path, Query: address.EscapeQuery(address.WithoutArguments(u.RawQuery))}, nil
}

// NameOf returns the name of the fragment in a reference, "" if the reference is
// malformed.
func NameOf(reference string) string {
	ref, err := ParseReference(reference)
	if err != nil {
		return ""
	}
	return ref.Name
}

// String returns the reference as written in a URL.
func (r Reference) String() string {
	s := Prefix + r.Name
	if r.Constraint != nil {
		s += "@" + url.PathEscape(r.Constraint.String())
	}
	return s + r.RequestURI()
}

// RequestURI returns the path and query of the request to a source.
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
