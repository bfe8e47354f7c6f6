package composer

import (
	"strings"
	"time"
)

// RenewToken returns a token for an open page of a session that shows these views,
// as ReadToken reads it, and the time to renew that one. It is empty if the views
// do not fit into a token.
func (c *Composer) RenewToken(session string, views []Shown) (token string, next time.Time) {
	var all []shown
	for _, s := range views {
		all = append(all, shown{
			reference: s.Reference, variance: varianceOf(s.Variant),
			etag: s.ETag, revision: s.Revision, epoch: s.Epoch,
			born: s.Date.Add(-c.options.PageTimeout).UnixNano(), // see shown.latest
		})
	}
	token = c.newToken(session, all)
	if len(all) > maxTokenViews || len(token) > maxTokenLength {
		return "", time.Time{}
	}
	return token, c.renewAt(time.Now())
}

// renewAt returns when a token that was made then is to be renewed.
func (c *Composer) renewAt(made time.Time) time.Time { return made.Add(c.options.TokenAge / 3) }

// varianceOf returns the bits of the headers whose lines a variant has.
func varianceOf(variant string) byte {
	var names []string
	for line := range strings.Lines(variant) {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	return variance(names, false)
}
