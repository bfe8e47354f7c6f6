package registry

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/header"
)

// Source serves a version of a fragment. Exactly one of Handler and URL is set. The other
// fields replace options of the composer for this source. A nil list has the composer's
// option, and an empty list stands for nothing.
type Source struct {
	// Handler serves the fragment in this process.
	Handler http.Handler
	// URL is the base of the fragment in another process. The path of a reference is
	// appended to it.
	URL *url.URL

	// Timeout bounds the wait for an include without maxwait. Default: Options.MaxWait.
	Timeout time.Duration

	// Cookies are the names of the cookies that requests to the source carry; "*" is all.
	// The session of the composer is carried if the list has the name
	// Options.SessionCookie. Default: Options.Cookies.
	Cookies []string

	// Headers are further fields of a visitor's request that the source receives. A
	// response that depends on a field has to say so in Vary. Default: Options.Headers.
	Headers []string

	// SetCookies are the names of the cookies that responses of the source may set; "*" is
	// all:
	//   - with a page, as the template, or as an include before the first byte;
	//   - with the answer to a form, an API call or a GET by reference.
	//
	// The names of the session's cookies, and all names that begin with one of these, are
	// never set, because a source could choose a visitor's session (session fixation).
	// Default: Options.SetCookies for includes, and none for the rest.
	SetCookies []string
}

// Equal reports whether two sources are the same handler or URL with the same settings. A
// handler of a type that Go cannot compare, such as http.HandlerFunc, equals no other.
func (s Source) Equal(other Source) bool {
	return sameHandler(s.Handler, other.Handler) && (s.URL == nil) == (other.URL == nil) && (s.URL == nil || sameURL(s, other)) &&
		s.Timeout == other.Timeout && sameList(s.Cookies, other.Cookies) && sameList(s.Headers, other.Headers) &&
		sameList(s.SetCookies, other.SetCookies)
}

func sameHandler(a, b http.Handler) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}

// sameList compares lists of settings: a nil list differs from an empty list.
func sameList(a, b []string) bool { return (a == nil) == (b == nil) && slices.Equal(a, b) }

// checked returns a copy of a source with the names of Headers in canonical form. The error
// describes an invalid setting.
func (s Source) checked() (Source, error) {
	if (s.Handler == nil) == (s.URL == nil) {
		return s, errors.New("a source is a handler or a URL")
	}
	if s.URL != nil && !address.IsBase(s.URL) {
		return s, fmt.Errorf("%q is no http or https URL to which a path can be appended", s.URL.Redacted())
	}
	if s.Timeout < 0 {
		return s, fmt.Errorf("the timeout %v is negative", s.Timeout)
	}
	for _, name := range slices.Concat(s.Cookies, s.SetCookies) {
		if !header.IsToken(name) {
			return s, fmt.Errorf("%q is no name of a cookie", name)
		}
	}
	names, err := header.ForwardableFields(s.Headers)
	if err != nil {
		return s, err
	}
	s.Cookies, s.SetCookies = slices.Clone(s.Cookies), slices.Clone(s.SetCookies)
	if s.Headers != nil {
		s.Headers = append([]string{}, names...)
	}
	return s, nil
}

// Locate returns the URL of a target, a path and query, at the source. A target that
// begins with // is a path, and names no host. Without a base URL the result is
// relative.
func (s Source) Locate(target string) (*url.URL, error) {
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	u, err := url.ParseRequestURI(target)
	if err != nil || s.URL == nil {
		return u, err
	}
	u.Scheme, u.Host = s.URL.Scheme, s.URL.Host
	if base := strings.TrimSuffix(s.URL.Path, "/"); base != "" {
		u.RawPath = strings.TrimSuffix(s.URL.EscapedPath(), "/") + u.EscapedPath()
		u.Path = base + u.Path
	}
	return u, nil
}
