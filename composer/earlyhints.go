package composer

import (
	"net/http"
	"slices"
)

// setLinks sets what is to be loaded with the page: what its parts want, and if
// not all of them are known yet, what they wanted last time.
func (o *output) setLinks(h http.Header, whole bool) {
	values := o.links.Fields()
	if !whole {
		for _, value := range o.v.hints.of(o.template.String()) {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	if len(values) > 0 {
		h["Link"] = append(slices.Clip(h["Link"]), values...)
	}
}

// takesEarlyHints reports whether 103 Early Hints (RFC 8297) may be sent in
// answer to a request. HTTP/1.0 has no informational responses (RFC 9110
// §15.2), and over HTTP/1.1 a proxy may take one for the answer.
func (c *Composer) takesEarlyHints(r *http.Request) bool {
	switch {
	case !r.ProtoAtLeast(1, 1):
		return false
	case c.options.EarlyHints != nil:
		return c.options.EarlyHints(r)
	}
	return r.ProtoAtLeast(2, 0)
}

// hint sends 103 Early Hints with what the page wanted last time, while it has
// to wait for the first time.
func (o *output) hint() {
	if o.hinted || o.committed {
		return
	}
	o.hinted = true
	if r := o.v.request; r == nil || !o.v.takesEarlyHints(r) {
		return
	}
	links := o.v.hints.of(o.template.String())
	if len(links) == 0 {
		return
	}
	h := o.w.Header()
	before, had := h["Link"]
	h["Link"] = links
	o.w.WriteHeader(http.StatusEarlyHints)
	if h["Link"] = before; !had {
		delete(h, "Link")
	}
}

// learn remembers what the page wanted, now that all of it is known.
func (o *output) learn() {
	if len(o.links) > 0 {
		o.v.hints.learn(o.template.String(), o.links.Hints())
	}
}
