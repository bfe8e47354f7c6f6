package header

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What is taken of Link fields: how many links of a page, how long one may be,
// and how long all are together, in bytes. Servers in front of us read headers
// of a few KiB. What one fragment may announce is bounded by MaxAnnounced.
const (
	maxLinks      = 64
	maxLink       = 2 << 10
	maxLinkHeader = 4 << 10
)

// Link is something that a response wants to be loaded with its page (RFC 8288
// §3), in the forms in which a page can say so. Two links are the same if
// target, rel and as are.
type Link struct {
	Target  string // as a browser finds it: a path on this site, or elsewhere
	rel, as string // stylesheet and style, however it was announced

	AsField, AsHint, AsElement string
}

// field is the link as a value of the page's Link field.
func (l *Link) field() string { return l.AsField }

// hint is the link as a value of a Link field in 103 Early Hints (RFC 8297):
// a stylesheet is one to be preloaded there. It is empty if nothing is to be
// loaded or connected to early.
func (l *Link) hint() string { return l.AsHint }

// element is the link as an element for the page's head.
func (l *Link) element() string { return l.AsElement }

func (l *Link) same(other *Link) bool {
	return l.Target == other.Target && l.rel == other.rel && l.as == other.as
}

// ParseLinks returns the links of a response that pages take over, each once:
// preload, modulepreload, preconnect, dns-prefetch, stylesheet and icon. The
// base is the response's address as a browser would have to ask for it; one
// without a host keeps paths as they are. Links that are broken, about
// something else than the response (anchor), neither on http nor https, or too
// long are left out, and so are those beyond MaxAnnounced.
func ParseLinks(h http.Header, base *url.URL) []Link {
	var found Links
	for text := range linkTexts(h) {
		if len(found) == MaxAnnounced {
			break
		}
		if l, ok := newLink(text, base); ok {
			found.Add(l)
		}
	}
	return found
}

// AddOtherLinks gives a page those links of its template that are not for its
// parts to share: what it is (canonical), what comes after it (next), and so on.
func AddOtherLinks(page http.Header, template []string) {
	for text := range linkTexts(http.Header{"Link": template}) {
		if p, ok := parseLink(text); ok && p.rel == "" {
			page["Link"] = append(page["Link"], strings.TrimSpace(text))
		}
	}
}

func newLink(text string, base *url.URL) (Link, bool) {
	p, ok := parseLink(text)
	if !ok || p.rel == "" {
		return Link{}, false
	}
	target, ok := resolve(p.target, base)
	if !ok {
		return Link{}, false
	}
	p.target = target
	l := Link{Target: target, rel: p.rel, as: p.value("as"), AsField: p.field(p.rel), AsElement: p.element()}
	switch {
	case p.isStyle():
		l.rel, l.as = "stylesheet", "style"
		p.setValue("as", "style")
		l.AsHint = p.field("preload")
	case p.has("preload"), p.has("modulepreload"), p.has("preconnect"):
		l.AsHint = l.AsField
	}
	return l, len(l.AsField) <= maxLink
}

// Links are those of a page, or of a part of it: each once.
type Links []Link

// Add adds a link, unless it is there already or the page has maxLinks.
func (l *Links) Add(more ...Link) (added []Link) {
	before := len(*l)
	for i := range more {
		if len(*l) < maxLinks && !slices.ContainsFunc(*l, func(other Link) bool { return other.same(&more[i]) }) {
			*l = append(*l, more[i])
		}
	}
	return (*l)[before:]
}

// Fields are the values of the page's Link field, as many as there is room for.
func (l Links) Fields() []string { return l.values((*Link).field) }

// Hints are the values of the Link field in 103 Early Hints, as many as there
// is room for.
func (l Links) Hints() []string { return l.values((*Link).hint) }

func (l Links) values(form func(*Link) string) []string {
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

// Styles returns the targets of the stylesheets that are of this site.
func (l Links) Styles() []string {
	var paths []string
	for i := range l {
		if path, ok := ownPath(l[i].Target); ok && l[i].rel == "stylesheet" {
			paths = append(paths, path)
		}
	}
	return paths
}

// Stylesheets returns the targets of the Link fields that are stylesheets, as
// paths on this site and in their order: those with the relation stylesheet, or
// preload as a style. Targets elsewhere are left out: what a page loads comes
// from its own origin.
func Stylesheets(h http.Header) []string {
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

// MaxAnnounced bounds what one fragment may announce.
const MaxAnnounced = 16
