package lint

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"selvedge/composer"
)

// Response returns the mistakes in one response of a fragment, from its body as it was
// received, without a Content-Encoding. The address may be a URL or a reference such as
// /fragments/cart/mini. The response may have any status.
func Response(address string, header http.Header, body []byte) []Finding {
	r := &report{url: address, body: body}
	checkGroups(r, header)
	if isAPI(address) || len(body) == 0 || checkType(r, header) != "text/html" {
		return r.sorted()
	}
	if composer.IsTemplate(header) {
		checkTemplate(r)
	} else {
		checkOptIn(r)
	}
	isLive := len(composer.GroupsOf(header)) > 0 && checkLiveElement(r)
	checkMarkup(r, !isLive)
	checkPolicy(r)
	checkRevision(r)
	return r.sorted()
}

// Inspect returns the findings of Response as texts without the reference, for
// composer.Options.Inspect and site.Options.Inspect.
func Inspect(reference string, header http.Header, body []byte) []string {
	var warnings []string
	for _, f := range Response(reference, header, body) {
		warnings = append(warnings, f.text())
	}
	return warnings
}

// File returns the mistakes in a template that a site reads from a file.
func File(name string, body []byte) []Finding {
	r := &report{url: name, body: body}
	checkTemplate(r)
	checkMarkup(r, true)
	checkPolicy(r)
	return r.sorted()
}

// checkType checks the Content-Type of a response that a page includes, and returns its
// media type. HTML is assumed without one, as a page assumes it.
func checkType(r *report, header http.Header) string {
	const advice = "send Content-Type: text/html; charset=utf-8"
	text := header.Get("Content-Type")
	if text == "" {
		r.add("type", advice, "the response has no Content-Type")
		return "text/html"
	}
	mediaType, _, err := mime.ParseMediaType(text)
	switch {
	case err != nil:
		r.add("type", advice, "the Content-Type %q is malformed", text)
	case mediaType == "application/json", strings.HasSuffix(mediaType, "+json"):
		r.addAt(0, "type", "send HTML to a request with Accept: text/html, or serve JSON below /api/", "the response is JSON, and a page includes HTML")
	case mediaType == "text/plain" && strings.HasPrefix(strings.TrimSpace(string(r.body)), "<"):
		r.add("type", advice, "the response is HTML with the Content-Type %s", mediaType)
	}
	return mediaType
}

// isAPI reports whether an address, or a reference, is that of an API.
func isAPI(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	path := u.Path
	if rest, ok := strings.CutPrefix(path, composer.Prefix); ok {
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	return strings.HasPrefix(path, "/api/")
}
