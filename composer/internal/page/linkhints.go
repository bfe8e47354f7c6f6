package page

import (
	"net/http"
	"slices"

	"github.com/maypok86/otter/v2"
)

// maxHintedPages limits the pages with remembered links.
const maxHintedPages = 1024

// linkHints remembers the links of each page, so that the next page can send them in 103
// Early Hints (RFC 8297) before its first byte. The least used page is forgotten first. A
// lookup takes no lock, nor does an update without a change.
type linkHints struct {
	byPage *otter.Cache[string, []string]
}

func newLinkHints() (*linkHints, error) {
	byPage, err := otter.New(&otter.Options[string, []string]{MaximumSize: maxHintedPages})
	return &linkHints{byPage}, err
}

// of returns the values of the Link field for a page. The caller must not change them.
func (h *linkHints) of(page string) []string {
	links, _ := h.byPage.GetIfPresent(page)
	return links
}

// learn remembers the values of the Link field of a page.
func (h *linkHints) learn(page string, links []string) {
	known, ok := h.byPage.GetIfPresent(page)
	switch {
	case slices.Equal(known, links):
	case len(links) == 0 && ok:
		h.byPage.Invalidate(page)
	default:
		h.byPage.Set(page, slices.Clone(links))
	}
}

// setLinks sets the Link field of the page to the links of its parts. If some parts are
// unknown, setLinks adds the links of the previous page.
func (pw *pageWriter) setLinks(h http.Header, isWhole bool) {
	values := pw.links.Fields()
	if !isWhole {
		for _, value := range pw.pr.assembler.linkHints.of(pw.template.String()) {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	if len(values) > 0 {
		h["Link"] = append(slices.Clip(h["Link"]), values...)
	}
}

// learnLinks remembers the links of a page after all its parts are known.
func (pw *pageWriter) learnLinks() {
	if len(pw.links) > 0 {
		pw.pr.assembler.linkHints.learn(pw.template.String(), pw.links.Hints())
	}
}

// TakesEarlyHints reports whether a client may be sent 103 Early Hints. HTTP/1.0 has no
// informational responses (RFC 9110 §15.2). Over HTTP/1.1 a proxy may take an
// informational response for the final response.
func (a *Assembler) TakesEarlyHints(r *http.Request) bool {
	switch {
	case !r.ProtoAtLeast(1, 1):
		return false
	case a.options.EarlyHints != nil:
		return a.options.EarlyHints(r)
	}
	return r.ProtoAtLeast(2, 0)
}

// sendEarlyHints sends 103 Early Hints with the links of the previous page at the first
// wait of the page.
func (pw *pageWriter) sendEarlyHints() {
	if pw.isHinted || pw.isCommitted {
		return
	}
	pw.isHinted = true
	if r := pw.pr.request; r == nil || !pw.pr.assembler.TakesEarlyHints(r) {
		return
	}
	links := pw.pr.assembler.linkHints.of(pw.template.String())
	if len(links) == 0 {
		return
	}
	h := pw.client.Header()
	before, had := h["Link"]
	h["Link"] = links
	pw.client.WriteHeader(http.StatusEarlyHints)
	if h["Link"] = before; !had {
		delete(h, "Link")
	}
}
