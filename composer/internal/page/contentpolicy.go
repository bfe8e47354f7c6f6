package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"selvedge/composer/internal/csp"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/header"
)

// contentSecurityPolicy is the field with the policies of a page (CSP Level 3 §3.1).
const contentSecurityPolicy = "Content-Security-Policy"

// addPolicyWarning adds a warning to the header of a live page whose policy forbids the live
// element. A page of a template that still arrives is not known to be live.
func (pw *pageWriter) addPolicyWarning(h http.Header, isWhole bool) {
	pr := pw.pr
	if pr.options.Live == nil {
		return
	}
	isExpected := !isWhole && pr.isPage && !pr.hasToken && document.Of(pw.template).HasLive()
	if pr.isLive || isExpected {
		if warning := pw.policyWarning(h); warning != "" {
			h[warningField] = append(slices.Clip(h[warningField]), warning)
		}
	}
}

// logPolicyWarning logs the warning for a live page whose header was sent before.
func (pw *pageWriter) logPolicyWarning() {
	if pw.pr.isLive {
		pw.policyWarning(pw.client.Header())
	}
}

// policyWarning returns the warning for the policies in the header of a page, or "", and logs
// it once for each template.
func (pw *pageWriter) policyWarning(h http.Header) string {
	lines, l, r := h[contentSecurityPolicy], pw.pr.options.Live, pw.pr.request
	if len(lines) == 0 || r == nil || l == nil {
		return ""
	}
	page := &url.URL{Scheme: header.Scheme(r), Host: r.Host, Path: r.URL.Path}
	var mistakes []string
	if m := forbidden(lines, csp.Script, page, l.script); m != "" {
		mistakes = append(mistakes, "the script "+m)
	}
	if m := forbidden(lines, csp.Connection, page, l.connection); m != "" {
		mistakes = append(mistakes, "the connection to "+m)
	}
	if len(mistakes) == 0 {
		return ""
	}
	warning := contentSecurityPolicy + " forbids " + strings.Join(mistakes, ", and ")
	pw.pr.assembler.fetcher.WarnOfPage(pw.pr.base, pw.template.String(), warning)
	return warning
}

// forbidden returns an address that the policies of a page forbid, with the remedy, or "".
func forbidden(lines []string, kind csp.Kind, page *url.URL, address string) string {
	to, err := page.Parse(address)
	if address == "" || err != nil {
		return ""
	}
	switch to.Scheme {
	case "ws":
		to.Scheme = "http"
	case "wss":
		to.Scheme = "https"
	}
	violation := csp.Check(lines, kind, page, to)
	switch {
	case violation == nil:
		return ""
	case violation.IsStrict:
		return address + ": with 'strict-dynamic' in " + violation.Directive + ", a script of the page has to load it"
	}
	own := ""
	if to.Host == page.Host {
		own = "'self' or "
	}
	return address + ": add " + own + "its address to " + violation.Directive
}
