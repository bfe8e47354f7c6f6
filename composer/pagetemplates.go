package composer

import (
	"sync"

	"selvedge/composer/registry"
)

// pageTemplates remembers the templates of pages, because a purge by the address of a page
// drops the template too. The zero value is empty. It is safe for concurrent use.
type pageTemplates struct {
	names sync.Map // fragments that Page was called with: the template has the path of the page

	mu      sync.RWMutex
	sources map[string]struct{}         // of the templates of ServePage, by name
	served  map[servedTemplate][]string // the paths of the pages that ServePage served
	pages   map[servedPage]struct{}     // the same, for a look-up
}

// servedTemplate is a template of ServePage.
type servedTemplate struct{ source, uri string }

// servedPage is a page of ServePage.
type servedPage struct {
	template servedTemplate
	path     string
}

// maxServedPages bounds the paths in memory. Beyond it, the templates whose pages are not
// known are dropped with any page.
const maxServedPages = 4096

func (t *pageTemplates) add(name string) { t.names.Store(name, true) }

// has reports whether Page was called with a fragment.
func (t *pageTemplates) has(name string) bool {
	_, ok := t.names.Load(name)
	return ok
}

// note remembers the template of a page with a path.
func (t *pageTemplates) note(at registry.Target, path string) {
	served := servedPage{servedTemplate{at.Backend.Name, at.URI}, path}
	if t.isNoted(served) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pages == nil {
		t.sources, t.pages, t.served = make(map[string]struct{}), make(map[servedPage]struct{}), make(map[servedTemplate][]string)
	}
	t.sources[at.Backend.Name] = struct{}{}
	if _, ok := t.pages[served]; ok || len(t.pages) >= maxServedPages {
		return
	}
	t.pages[served] = struct{}{}
	t.served[served.template] = append(t.served[served.template], path)
}

// isNoted reports whether a page is known, or cannot be remembered.
func (t *pageTemplates) isNoted(served servedPage) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, isSource := t.sources[served.template.source]
	_, isPage := t.pages[served]
	return isPage || isSource && len(t.pages) >= maxServedPages
}

// pagesOf returns the paths of the pages of a template. isComplete is false if there may be
// more.
func (t *pageTemplates) pagesOf(at registry.Target) (paths []string, isComplete bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, isSource := t.sources[at.Backend.Name]
	return t.served[servedTemplate{at.Backend.Name, at.URI}], !isSource || len(t.pages) < maxServedPages
}
