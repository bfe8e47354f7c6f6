package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A work is what a page consists of: half of its bytes are its template's, and
// half are those of its fragments.
type work struct {
	includes int
	size     int // of the whole page, in bytes
}

// usual is the page that systems are compared by.
var usual = work{includes: 10, size: 31_000}

// The pages by which growth is measured.
var (
	byIncludes = []work{{1, 31_000}, {10, 31_000}, {100, 31_000}}
	bySize     = []work{{10, 10_000}, {10, 100_000}, {10, 1_000_000}}
)

func (w work) String() string { return fmt.Sprintf("%dx%d", w.includes, w.size) }

func (w work) inWords() string { return fmt.Sprintf("%d KB, includes: %d", w.size/1000, w.includes) }

// part is the fragment number i of a page.
func (w work) part(i int) string {
	return paragraph("part "+strconv.Itoa(i), w.size/(2*w.includes))
}

// page is the page with something in the place of each fragment.
func (w work) page(fragment func(i int) string) string {
	own := w.size
	for i := range w.includes {
		own -= len(w.part(i))
	}
	var b strings.Builder
	each := own / (w.includes + 1)
	for i := range w.includes {
		b.WriteString(paragraph("text "+strconv.Itoa(i), each))
		b.WriteString(fragment(i))
		own -= each
	}
	b.WriteString(paragraph("text at the end", own))
	return b.String()
}

// paragraph is HTML of some size in bytes that says which it is.
func paragraph(name string, size int) string {
	const start, end = "<p>", "</p>\n"
	room := max(0, size-len(start)-len(end))
	text := name + ": " + strings.Repeat(filler, 1+room/len(filler))
	return start + text[:room] + end
}

// A kind is how the fragments of a page are made. Templates may always be
// stored.
type kind struct {
	name         string
	cacheControl string
	delay        time.Duration
}

var (
	cachedKind   = kind{"cached", "public, max-age=3600", 0}
	uncachedKind = kind{"uncached", "no-store", 0}
	slowKind     = kind{"slow", "no-store", 20 * time.Millisecond}
)

// A form is how a page's template names its fragments.
type form struct {
	name    string
	include string // of a part, whose path is the argument
	header  http.Header
}

var (
	// esiForm is for whoever reads ESI and knows the origin's paths.
	esiForm = form{"esi", `<esi:include src="%s"/>`, esiHeader}
	// referenceForm is for a composer that has the site as a fragment.
	referenceForm = form{"references", `<esi:include src="/fragments/` + siteName + `%s"/>`, esiHeader}
	// ssiForm is for nginx.
	ssiForm = form{"ssi", `<!--# include virtual="%s" -->`, nil}
	// wholeForm is the page itself, with all its fragments.
	wholeForm = form{name: "whole"}

	esiHeader = http.Header{"Surrogate-Control": {`content="ESI/1.0"`}}
)

// siteName is the name of the site as a fragment.
const siteName = "site"

func pagePath(k kind, w work, f form) string {
	return "/page/" + k.name + "/" + w.String() + "/" + f.name
}

func partPath(k kind, w work, i int) string {
	return "/part/" + k.name + "/" + w.String() + "/" + strconv.Itoa(i)
}

// A site is all pages in all forms, and all fragments, by path. It is the
// origin, the bare handler, and the fragments of ours in process.
type site map[string]resource

type resource struct {
	header http.Header
	body   []byte
	delay  time.Duration
}

func newSite() site {
	s := make(site)
	for _, w := range slices.Concat([]work{usual}, byIncludes, bySize) {
		for _, k := range []kind{cachedKind, uncachedKind, slowKind} {
			s.add(k, w)
		}
	}
	return s
}

func (s site) add(k kind, w work) {
	for i := range w.includes {
		s[partPath(k, w, i)] = newResource(w.part(i), k.cacheControl, nil, k.delay)
	}
	for _, f := range []form{esiForm, referenceForm, ssiForm} {
		template := w.page(func(i int) string { return fmt.Sprintf(f.include, partPath(k, w, i)) })
		s[pagePath(k, w, f)] = newResource(template, cachedKind.cacheControl, f.header, 0)
	}
	s[pagePath(k, w, wholeForm)] = newResource(w.page(w.part), k.cacheControl, nil, 0)
}

func newResource(body, cacheControl string, header http.Header, delay time.Duration) resource {
	h := http.Header{
		"Content-Type":   {"text/html; charset=utf-8"},
		"Content-Length": {strconv.Itoa(len(body))},
		"Cache-Control":  {cacheControl},
	}
	maps.Copy(h, header)
	return resource{h, []byte(body), delay}
}

// ServeHTTP writes a resource, after its delay.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := s[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if found.delay > 0 {
		select {
		case <-time.After(found.delay):
		case <-r.Context().Done():
			return
		}
	}
	maps.Copy(w.Header(), found.header)
	_, _ = w.Write(found.body)
}
