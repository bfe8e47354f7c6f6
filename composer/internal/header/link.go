package header

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Link is a link of a response (RFC 8288 §3), in each form in which a page can write
// it. Two links are the same if target, rel and as are equal.
type Link struct {
	Target  string // for a browser: a path on this site, or a URL
	rel, as string // "stylesheet" and "style" for a stylesheet in either form

	AsField, AsHint string // see field and hint
}

// field returns the link as a value of the page's Link field.
func (l *Link) field() string { return l.AsField }

// hint returns the link as a value of the Link field of 103 Early Hints (RFC 8297),
// where a stylesheet is preloaded. It is empty if the link needs no early request or
// connection.
func (l *Link) hint() string { return l.AsHint }

func (l *Link) same(other *Link) bool {
	return l.Target == other.Target && l.rel == other.rel && l.as == other.as
}

// ParseLinks returns the links of a response that pages take over, without duplicates:
// preload, modulepreload, preconnect, dns-prefetch, stylesheet and icon. The base is
// the response's URL for a browser; a base without a host keeps paths unchanged. These
// links are left out:
//
//   - malformed links;
//   - links with an anchor, because their context is not the response;
//   - links with a scheme other than http and https;
//   - links longer than maxLink;
//   - links after the first MaxAnnounced.
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
	l := Link{Target: target, rel: p.rel, as: p.value("as"), AsField: p.field(p.rel)}
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

// MaxAnnounced bounds the links of one fragment.
const MaxAnnounced = 16

// Bounds of Link fields. Servers in front of the composer read headers of a few KiB.
const (
	maxLinks      = 64      // of a page
	maxLink       = 2 << 10 // length of a link, in bytes
	maxLinkHeader = 4 << 10 // length of all links of a page, in bytes
)

// Links are the links of a page, or of a part of the page, without duplicates.
type Links []Link

// Add adds links, except duplicates and links after the first maxLinks. It returns the
// links that it added.
func (l *Links) Add(more ...Link) (added []Link) {
	before := len(*l)
	for i := range more {
		if len(*l) < maxLinks && !slices.ContainsFunc(*l, func(other Link) bool { return other.same(&more[i]) }) {
			*l = append(*l, more[i])
		}
	}
	return (*l)[before:]
}

// Fields returns the values of the page's Link field, within maxLinkHeader.
func (l Links) Fields() []string { return l.values((*Link).field) }

// Hints returns the values of the Link field of 103 Early Hints, within maxLinkHeader.
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

// Styles returns the targets of the stylesheets on this site.
func (l Links) Styles() []string {
	var paths []string
	for i := range l {
		if path, ok := ownPath(l[i].Target); ok && l[i].rel == "stylesheet" {
			paths = append(paths, path)
		}
	}
	return paths
}

// Stylesheets returns the targets of the stylesheets in Link fields, as paths on this
// site and in order. A stylesheet has the relation stylesheet, or preload with
// as=style. Targets on another host are left out, because a page loads its stylesheets
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

// AddOtherLinks adds to a page the links of its template that describe the page
// itself, such as canonical and next: all links without a relation of ParseLinks.
func AddOtherLinks(page http.Header, template []string) {
	for text := range linkTexts(http.Header{"Link": template}) {
		if p, ok := parseLink(text); ok && p.rel == "" {
			page["Link"] = append(page["Link"], strings.TrimSpace(text))
		}
	}
}
