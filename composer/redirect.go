package composer

import (
	"errors"
	"strings"

	"selvedge/composer/internal/address"
)

// maxRedirects bounds how many redirects an include follows.
const maxRedirects = 3

var errRedirect = errors.New("the redirect leads to another origin, or on and on")

// obtainFollowing is obtain, and follows redirects as long as they stay with the
// source that they came from.
func (v *visit) obtainFollowing(q *query) (*response, use, error) {
	for range 1 + maxRedirects {
		next := *q // whoever renews what is stored for q may go on with it
		answer, u, err := v.obtain(q)
		if err != nil || !answer.isRedirect() {
			return answer, u, err
		}
		target, ok := q.redirect(answer.header.Get("Location"), v.host)
		if !ok {
			break
		}
		next.target, next.parsed, next.missed = target, nil, false
		q = &next
	}
	return nil, use{}, &FetchError{Reference: q.name(), Err: errRedirect}
}

// redirect returns the target that a Location field means, if it is one of the
// same source. Own is the host by which visitors know the origin, which that
// writes into its Location fields.
func (p place) redirect(location, own string) (string, bool) {
	from, err := p.url()
	if err != nil {
		return "", false
	}
	to, err := address.Resolve(from, location)
	same := err == nil && (address.SameOrigin(from, to) || p.source.isOrigin() && isOwn(to, own))
	if !same {
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
		path += "?" + address.EscapeQuery(to.RawQuery)
	}
	return path, true
}
