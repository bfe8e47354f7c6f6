package composer

import (
	"errors"
	"strings"
	"time"
)

// maxRedirects bounds how many redirects an include follows.
const maxRedirects = 3

var errRedirect = errors.New("the redirect leads to another origin, or on and on")

// follow returns what the redirects of an answer lead to, as long as they stay
// with the source that they came from. An answer that is none is returned as
// it is.
func (v *visit) follow(ref Reference, answer *response, wait time.Duration) (*response, error) {
	for range maxRedirects {
		location := answer.header.Get("Location")
		if answer.status < 300 || answer.status > 399 || location == "" {
			return answer, nil
		}
		source, err := v.registry.Resolve(ref)
		if err != nil {
			return nil, err
		}
		next, ok := source.redirect(ref, location)
		if !ok {
			break
		}
		ref = next
		if answer, err = v.fetch(v.ctx, ref, v.header, wait); err != nil {
			return nil, err
		}
	}
	if answer.status >= 300 && answer.status <= 399 {
		return nil, &FetchError{Reference: ref.String(), Err: errRedirect}
	}
	return answer, nil
}

// redirect returns the reference to what a Location field means, if this
// source serves it.
func (s Source) redirect(ref Reference, location string) (Reference, bool) {
	from, err := s.locate(ref)
	if err != nil {
		return Reference{}, false
	}
	to, err := from.Parse(location)
	if err != nil || to.Scheme != from.Scheme || to.Host != from.Host || to.User != nil {
		return Reference{}, false
	}
	base := ""
	if s.URL != nil {
		base = strings.TrimSuffix(s.URL.EscapedPath(), "/")
	}
	path, ok := strings.CutPrefix(to.EscapedPath(), base)
	if !ok {
		return Reference{}, false
	}
	next := Reference{Name: ref.Name, Constraint: ref.Constraint, Path: path, Query: escapeQuery(to.RawQuery)}
	return next, strings.HasPrefix(path, "/") && !hasDotSegment(to.Path)
}
