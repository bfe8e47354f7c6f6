package composer

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What is taken of Link fields: how many links of a page, how long one may be,
// and how long all are together, in bytes. Servers in front of us read headers
// of a few KiB. What one fragment may announce is bounded by maxAnnounced.
const (
	maxLinks      = 64
	maxLink       = 2 << 10
	maxLinkHeader = 4 << 10
)

// link is something that a response wants to be loaded with its page (RFC 8288
// §3), in the forms in which a page can say so. Two links are the same if
// target, rel and as are.
type link struct {
	target  string // as a browser finds it: a path on this site, or elsewhere
	rel, as string // stylesheet and style, however it was announced

	asField, asHint, asElement string
}

// field is the link as a value of the page's Link field.
func (l *link) field() string { return l.asField }

// hint is the link as a value of a Link field in 103 Early Hints (RFC 8297):
// a stylesheet is one to be preloaded there. It is empty if nothing is to be
// loaded or connected to early.
func (l *link) hint() string { return l.asHint }

// element is the link as an element for the page's head.
func (l *link) element() string { return l.asElement }

func (l *link) same(other *link) bool {
	return l.target == other.target && l.rel == other.rel && l.as == other.as
}

// parseLinks returns the links of a response that pages take over, each once:
// preload, modulepreload, preconnect, dns-prefetch, stylesheet and icon. The
// base is the response's address as a browser would have to ask for it; one
// without a host keeps paths as they are. Links that are broken, about
// something else than the response (anchor), neither on http nor https, or too
// long are left out, and so are those beyond maxAnnounced.
func parseLinks(h http.Header, base *url.URL) []link {
	var found links
	for text := range linkTexts(h) {
		if len(found) == maxAnnounced {
			break
		}
		if l, ok := newLink(text, base); ok {
			found.add(l)
		}
	}
	return found
}

// setOtherLinks gives a page those links of its template that are not for its
// parts to share: what it is (canonical), what comes after it (next), and so on.
func setOtherLinks(page http.Header, template []string) {
	for text := range linkTexts(http.Header{"Link": template}) {
		if p, ok := parseLink(text); ok && p.rel == "" {
			page["Link"] = append(page["Link"], strings.TrimSpace(text))
		}
	}
}

// linkBase is the address of an answer as a browser would have to ask for it.
func (q *query) linkBase() *url.URL {
	address := q.target
	if q.source.guarded || !q.source.elsewhere && !q.page {
		address = q.String()
	}
	base, err := url.ParseRequestURI(address)
	if err != nil {
		return &url.URL{Path: "/"}
	}
	return base
}

func newLink(text string, base *url.URL) (link, bool) {
	p, ok := parseLink(text)
	if !ok || p.rel == "" {
		return link{}, false
	}
	target, ok := resolve(p.target, base)
	if !ok {
		return link{}, false
	}
	p.target = target
	l := link{target: target, rel: p.rel, as: p.value("as"), asField: p.field(p.rel), asElement: p.element()}
	switch {
	case p.isStyle():
		l.rel, l.as = "stylesheet", "style"
		p.setValue("as", "style")
		l.asHint = p.field("preload")
	case p.has("preload"), p.has("modulepreload"), p.has("preconnect"):
		l.asHint = l.asField
	}
	return l, len(l.asField) <= maxLink
}

// links are those of a page, or of a part of it: each once.
type links []link

// add adds a link, unless it is there already or the page has maxLinks.
func (l *links) add(more ...link) (added []link) {
	before := len(*l)
	for i := range more {
		if len(*l) < maxLinks && !slices.ContainsFunc(*l, func(other link) bool { return other.same(&more[i]) }) {
			*l = append(*l, more[i])
		}
	}
	return (*l)[before:]
}

// fields are the values of the page's Link field, as many as there is room for.
func (l links) fields() []string { return l.values((*link).field) }

// hints are the values of the Link field in 103 Early Hints, as many as there
// is room for.
func (l links) hints() []string { return l.values((*link).hint) }

func (l links) values(form func(*link) string) []string {
	var values []string
	room := maxLinkHeader
	for i := range l {
		value := form(&l[i])
		if value == "" {
			continue
		}
		if room -= len(value) + len(", "); room < 0 {
			break
		}
		values = append(values, value)
	}
	return values
}

// styles returns the targets of the stylesheets that are of this site.
func (l links) styles() []string {
	var paths []string
	for i := range l {
		if path, ok := ownPath(l[i].target); ok && l[i].rel == "stylesheet" {
			paths = append(paths, path)
		}
	}
	return paths
}

// stylesheets returns the targets of the Link fields that are stylesheets, as
// paths on this site and in their order: those with the relation stylesheet, or
// preload as a style. Targets elsewhere are left out: what a page loads comes
// from its own origin.
func stylesheets(h http.Header) []string {
	var paths []string
	for text := range linkTexts(h) {
		if p, ok := parseLink(text); ok && p.isStyle() {
			if path, ok := ownPath(p.target); ok {
				paths = append(paths, path)
			}
		}
	}
	return paths
}
