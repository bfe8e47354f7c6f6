package workload

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A Site has all pages with all templates, and all fragments, by path. It serves
// them as the origin, as the bare handler, and in process as a fragment of the
// composer.
type Site map[string]resource

type resource struct {
	header http.Header
	body   []byte
	delay  time.Duration
}

// NewSite returns the site with the pages of [Usual], [ByIncludes] and [BySize].
func NewSite() Site {
	s := make(Site)
	for _, p := range slices.Concat([]Page{Usual}, ByIncludes, BySize) {
		for _, k := range []Kind{Cached, Uncached, Slow} {
			s.add(k, p)
		}
	}
	return s
}

func (s Site) add(k Kind, p Page) {
	for i := range p.Includes {
		s[fragmentPath(k, p, i)] = newResource(p.Fragment(i), k.CacheControl, nil, k.Delay)
	}
	for _, t := range []Template{ESITemplate, ReferenceTemplate, SSITemplate} {
		template := p.Text(func(i int) string { return fmt.Sprintf(t.include, fragmentPath(k, p, i)) })
		s[PagePath(k, p, t)] = newResource(template, Cached.CacheControl, t.header, 0)
	}
	s[PagePath(k, p, WholePage)] = newResource(p.Text(p.Fragment), k.CacheControl, nil, 0)
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

// ServeHTTP writes a resource after its delay, or 404.
func (s Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
