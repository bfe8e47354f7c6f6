package composer

import (
	"errors"
	"strings"
)

// maxRedirects bounds how many redirects an include follows.
const maxRedirects = 3

var errRedirect = errors.New("the redirect leads to another origin, or on and on")

// redirected returns what the redirects of an answer lead to, as long as they
// stay with the source that they came from. An answer that is none is returned
// as it is.
func (v *visit) redirected(q *query, answer *response) (*response, error) {
	for range maxRedirects {
		if !answer.isRedirect() {
			return answer, nil
		}
		target, ok := q.redirect(answer.header.get("Location"))
		if !ok {
			break
		}
		next := *q
		next.target, next.parsed, next.missed = target, nil, false
		var err error
		if answer, _, err = v.obtain(&next); err != nil {
			return nil, err
		}
		q = &next
	}
	if answer.isRedirect() {
		return nil, &FetchError{Reference: q.name(), Err: errRedirect}
	}
	return answer, nil
}

// redirect returns the target that a Location field means, if it is one of the
// same source.
func (p place) redirect(location string) (string, bool) {
	from, err := p.url()
	if err != nil {
		return "", false
	}
	to, err := resolveAddress(from, location)
	if err != nil || !sameOrigin(from, to) {
		return "", false
	}
	base := ""
	if p.source.URL != nil {
		base = strings.TrimSuffix(p.source.URL.EscapedPath(), "/")
	}
	path, ok := strings.CutPrefix(to.EscapedPath(), base)
	if !ok || !strings.HasPrefix(path, "/") {
		return "", false
	}
	if to.RawQuery != "" {
		path += "?" + escapeQuery(to.RawQuery)
	}
	return path, true
}
