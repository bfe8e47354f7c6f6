package composer

import (
	"net/http"
	"slices"
	"strings"
)

// The header fields by which a fragment speaks to the composer.
const (
	// surrogateControl with content="ESI/1.0" opts a response in to being
	// read as ESI (Edge Architecture 1.0 §2.2).
	surrogateControl = "Surrogate-Control"
	// surrogateCapability says in requests that we read ESI (§2.1).
	surrogateCapability = "Surrogate-Capability"
	capability          = `selvedge="Surrogate/1.0 ESI/1.0"`
	// errorHeader with the value "show" says that the body of a 4xx answer, and
	// to a form also of a 5xx, was written for the person at the browser, and may
	// stand in a page.
	errorHeader = "Selvedge-Error"
	// revisionHeader is the revision of an answer, for those that have no root
	// element with data-revision.
	revisionHeader = "Selvedge-Revision"
	// epochHeader is the epoch of that revision, as data-epoch is.
	epochHeader = "Selvedge-Epoch"
	// redirectHeader and refreshHeader tell a script which page to go to, and
	// to load its page again.
	redirectHeader = "Hx-Redirect"
	refreshHeader  = "Hx-Refresh"
)

// includeHeaders are the request headers that an include receives from the
// page's request; actionHeaders are those that a form or an API call brings
// to its fragment. Both are lists of what may pass, since what a fragment
// does not see cannot change its answer.
var (
	includeHeaders = []string{
		"Accept-Language", "User-Agent", "Referer", "Traceparent", "Tracestate", "X-Request-Id", surrogateCapability,
	}
	actionHeaders = append([]string{
		"Accept", "Authorization", "Content-Type", "Content-Length", "Content-Encoding", "Expect",
		"Hx-Current-Url", "Hx-Request", "Idempotency-Key", "If-Match", "If-None-Match", "If-Modified-Since",
	}, includeHeaders...)
)

// pass returns a fragment's view of a request's headers: the allowed fields
// and cookies, and what we say ourselves.
func (c *Composer) pass(r *http.Request, allowed []string) http.Header {
	h := make(http.Header, len(allowed)+4)
	for _, list := range [][]string{allowed, c.options.Headers} {
		for _, name := range list {
			if v := r.Header[name]; len(v) > 0 {
				h[name] = slices.Clone(v)
			}
		}
	}
	if cookies := c.includeCookies(r); len(cookies) > 0 {
		h["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	h["X-Forwarded-Host"], h["X-Forwarded-Proto"] = []string{r.Host}, []string{scheme(r)}
	h["Via"] = append(slices.Clip(r.Header["Via"]), via(r))
	announce(h)
	return h
}

// first returns the first value of a field whose name is in its canonical form,
// empty if there is none. http.Header.Get makes sure of that form each time.
func first(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// includeHeader is what includeFields makes, for whoever has to know it.
type includeHeader struct {
	composer *Composer
	request  *http.Request
}

func (h includeHeader) fields() http.Header { return h.composer.includeFields(h.request) }

// includeFields returns the header with which a page's fragments are asked.
func (c *Composer) includeFields(r *http.Request) http.Header {
	h := c.pass(r, includeHeaders)
	// What a visitor could put into these is in no key, so an answer that
	// shows it would be shown to others (cache poisoning).
	h["Accept"], h["Via"], h[surrogateCapability] = []string{"text/html"}, ownVia(r), []string{capability}
	return h
}

// anonymous is a header of ours for what is the same for everybody.
func anonymous(r *http.Request) http.Header {
	return http.Header{
		"X-Forwarded-Host":  {r.Host},
		"X-Forwarded-Proto": {scheme(r)},
		"Via":               {via(r)},
		surrogateCapability: {capability},
	}
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// notForBrowsers are the fields of an answer that end here: what is between a
// fragment and us, what only we may set, and what speaks of one connection
// (RFC 9110 §7.6.1).
var notForBrowsers = []string{
	surrogateControl, targetedControl, errorHeader, "Set-Cookie",
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// sendHeader gives the header of a fragment's answer to the browser. A field
// that is there already stays as it is: a fragment cannot weaken what the site
// says. Only Vary grows.
func sendHeader(browser, answer http.Header) {
	answer = answer.Clone()
	for _, field := range answer.Values("Connection") {
		for name := range strings.SplitSeq(field, ",") {
			answer.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range notForBrowsers {
		answer.Del(name)
	}
	merge(browser, answer)
	if browser[redirectHeader] != nil {
		browser.Del(refreshHeader) // htmx 2 would do both, htmx 4 only reload
	}
	if _, ok := browser["Set-Cookie"]; ok {
		// A shared cache must not give one browser's session to others.
		browser.Set("Cache-Control", "no-store")
	}
}

// merge adds the fields of an answer to what the browser gets.
func merge(browser, answer http.Header) {
	for name, values := range answer {
		mergeField(browser, name, values)
	}
}

// mergeField adds a field. One that is there already stays as it is; only Vary
// grows.
func mergeField(browser http.Header, name string, values []string) {
	if before, ours := browser[name]; !ours {
		browser[name] = values
	} else if name == "Vary" {
		browser[name] = slices.Concat(before, values)
	}
}
