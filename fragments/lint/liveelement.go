package lint

import (
	"slices"
	"strconv"
	"strings"

	"selvedge/composer/htmltag"
	"selvedge/hub"
)

// checkLiveElement checks a fragment with groups. It reports whether the fragment is live:
// its first element has an id. A live fragment must not break open pages.
func checkLiveElement(r *report) (isLive bool) {
	t, ok := htmltag.Next(r.body, 0)
	if !ok || t.IsClosing || slices.Contains(neverLive, t.Name) {
		return false
	}
	if id, _ := t.Attribute("id"); id == "" {
		r.addAt(t.Start, "id", "put one element with an id around all", "the response has groups, and its first element has no id, so open pages are not sent its changes")
		return false
	}
	for _, fault := range hub.Lint(r.body) {
		r.addAt(fault.Offset, "live-element", fault.Advice, "%s, so open pages cannot be sent its changes", fault.Text)
	}
	return true
}

// neverLive are the first elements of pages, and of parts of their head.
var neverLive = []string{"html", "head", "body", "title", "meta", "link", "base", "script", "style"}

// isText reports whether a body has no element, so that it has no place of its own in a
// page.
func isText(body []byte) bool {
	_, ok := htmltag.Next(body, 0)
	return !ok
}

// checkRevision checks the revision of the root element.
func checkRevision(r *report) {
	t, ok := htmltag.Next(r.body, 0)
	if !ok || t.IsClosing {
		return
	}
	revision, hasRevision := t.Attribute("data-revision")
	_, hasEpoch := t.Attribute("data-epoch")
	if hasEpoch && !hasRevision {
		r.addAt(t.Start, "revision", "add data-revision, or remove data-epoch", "data-epoch has no effect without data-revision")
	}
	if n, err := strconv.ParseInt(revision, 10, 64); hasRevision && (err != nil || n < 0) && !strings.Contains(revision, "$(") {
		r.addAt(t.Start, "revision", "write a number that grows with each change of the data", "data-revision=%q is no whole number, so it has no effect", revision)
	}
}
