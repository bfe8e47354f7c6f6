package lint

import (
	"context"
	"net/http"
	"regexp"
	"strings"
)

// entityTag is the form of an ETag (RFC 9110 §8.8.3).
var entityTag = regexp.MustCompile(`^(W/)?"[\x21\x23-\x7e\x80-\xff]*"$`)

// checkValidator checks the validators of the response, and the response to a request with
// them.
func (r *resource) checkValidator(ctx context.Context) error {
	etag, modified := r.first.header.Get("ETag"), r.first.header.Get("Last-Modified")
	switch {
	case directives(r.first.header, "Cache-Control")["no-store"]:
		return nil
	case etag == "" && modified == "":
		r.add("validator", "send an ETag made from the body", "the response has no validator, so it is transferred again each time")
		return nil
	case etag != "" && !entityTag.MatchString(etag):
		r.add("validator", `quote it, as in ETag: "a1"`, "the ETag %s is malformed", etag)
		return nil
	case etag != r.again.header.Get("ETag") && r.isStable():
		r.add("validator", "make it from the body", "the ETag changes while the body stays")
		return nil
	}
	field, value := "If-None-Match", etag
	if etag == "" {
		field, value = "If-Modified-Since", modified
	}
	a, err := r.source.request(ctx, http.MethodGet, r.address, r.session, field, value)
	if err != nil {
		return err
	}
	r.checkNotModified(a, field)
	return nil
}

// checkNotModified checks the response to a request with a validator.
func (r *resource) checkNotModified(a answer, field string) {
	switch {
	case a.status == http.StatusOK && (a.header.Get("ETag") != r.first.header.Get("ETag") || !r.isStable()):
		return // it has changed meanwhile
	case a.status != http.StatusNotModified:
		r.add("not-modified", "answer with 304 and no body, if the validator is that of the response", "a request with %s is answered with %d instead of 304", field, a.status)
		return
	}
	var missing []string
	for _, name := range []string{"ETag", "Cache-Control", "Vary"} {
		if r.first.header.Get(name) != "" && a.header.Get(name) == "" {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		r.add("not-modified", "send in 304 the fields of 200 (RFC 9110 §15.4.5)", "the 304 lacks %s", strings.Join(missing, ", "))
	}
}

// headFields are the fields that a response to HEAD repeats from GET.
var headFields = []string{"Content-Type", "Cache-Control", "Cache-Groups", "Surrogate-Control", "Vary", "ETag", "Last-Modified", "Link"}

// checkHead checks that a HEAD request is answered with the fields of GET.
func (r *resource) checkHead(ctx context.Context) error {
	const advice = "answer HEAD as GET, without the body"
	a, err := r.source.request(ctx, http.MethodHead, r.address, r.session)
	if err != nil {
		return err
	}
	if a.status != r.first.status {
		r.add("head", advice, "HEAD is answered with %d, and GET with %d", a.status, r.first.status)
		return nil
	}
	var others []string
	for _, name := range headFields {
		want := r.first.header.Get(name)
		if r.isStable() && want == r.again.header.Get(name) && a.header.Get(name) != want {
			others = append(others, name)
		}
	}
	if others != nil {
		r.add("head", advice, "the response to HEAD has another %s than that to GET", strings.Join(others, ", "))
	}
	return nil
}
