package composer

import (
	"net/http"
	"slices"
)

// setLinks sets what is to be loaded with the page: what its parts want, and if
// not all of them are known yet, what they wanted last time.
func (o *output) setLinks(h http.Header, whole bool) {
	values := o.links.fields()
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

// hint sends 103 Early Hints with what the page wanted last time, while it has
// to wait for the first time. Over HTTP/1.1 that is for browsers only, which
// say that they navigate: older clients take any 1xx for the answer (RFC 8297
// §3). HTTP/1.0 has none (RFC 9110 §15.2).
func (o *output) hint() {
	if o.hinted || o.committed {
		return
	}
	o.hinted = true
	r := o.v.request
	navigates := r != nil && r.ProtoAtLeast(1, 1) && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	if r == nil || !r.ProtoAtLeast(2, 0) && !navigates {
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
		o.v.hints.learn(o.template.String(), o.links.hints())
	}
}
