package lint

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"selvedge/composer"
)

// resource is a resource of a source with its responses to a GET.
type resource struct {
	*report
	source  *source
	address *url.URL
	session string // of the first visitor
	first   answer
	again   answer   // to the first visitor, for the second time
	others  []answer // to the other visitors
}

// checkResource requests a resource in several ways, and returns its mistakes.
func (s *source) checkResource(ctx context.Context, address *url.URL) ([]Finding, error) {
	session := newSession()
	first, err := s.request(ctx, http.MethodGet, address, session)
	if err != nil {
		return nil, err
	}
	report := &report{url: address.Redacted(), body: first.body}
	if !checkStatus(report, first) {
		return report.findings, nil
	}
	r := &resource{report: report, source: s, address: address, session: session, first: first}
	checkReadGroups(r.report, first.header)
	for _, check := range []func(context.Context) error{r.askVisitors, r.checkValidator, r.checkHead, r.checkStylesheets} {
		if err := check(ctx); err != nil {
			return r.findings, err
		}
	}
	return append(r.findings, Response(r.url, first.header, first.body)...), nil
}

// checkStatus reports whether a response can be included.
func checkStatus(r *report, a answer) bool {
	switch {
	case a.status >= 300 && a.status < 400:
		r.add("sample", `answer with the content, or let the include say redirect="follow"`, "the response is a redirect (%d) to %s", a.status, a.header.Get("Location"))
	case a.status != http.StatusOK:
		r.add("sample", "name a path that is answered with 200", "the response has the status %d %s", a.status, http.StatusText(a.status))
	case len(a.body) > maxBody:
		r.add("sample", "split it into several fragments", "the response is longer than %d bytes, which no page includes", maxBody)
	default:
		return true
	}
	return false
}

// isStable reports whether the first visitor was sent the same body twice.
func (r *resource) isStable() bool { return bytes.Equal(r.first.body, r.again.body) }

// isStored reports whether a site stores a response that is not for one visitor, or sends
// it to all open pages.
func isStored(header http.Header) bool {
	if len(composer.GroupsOf(header)) > 0 {
		return true
	}
	for _, field := range []string{"Cache-Control", "Selvedge-Cache-Control", "Surrogate-Control", "Cdn-Cache-Control"} {
		if d := directives(header, field); d["max-age"] || d["s-maxage"] || d["public"] {
			return true
		}
	}
	return false
}
