package composer

import (
	"errors"
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
		target, ok := q.Redirect(answer.header.Get("Location"), v.host)
		if !ok {
			break
		}
		next.URI, next.parsed, next.missed = target, nil, false
		q = &next
	}
	return nil, use{}, &FetchError{Reference: q.name(), Err: errRedirect}
}
