package composer

import (
	"slices"

	"github.com/maypok86/otter/v2"
)

// maxHints bounds the pages of which hints remembers something.
const maxHints = 1024

// hints remembers what the last run of each page wanted to be loaded with it,
// so that the next run can say so in 103 Early Hints (RFC 8297) before its
// first byte. What is used least is forgotten first.
//
// Who asks, and who learns what is known already, waits for nobody.
type hints struct {
	byPage *otter.Cache[string, []string]
}

func newHints() (*hints, error) {
	byPage, err := otter.New(&otter.Options[string, []string]{MaximumSize: maxHints})
	return &hints{byPage}, err
}

// of returns the values of the Link field for a page. They must not be changed.
func (h *hints) of(page string) []string {
	links, _ := h.byPage.GetIfPresent(page)
	return links
}

// learn remembers the values of the Link field that a page came to.
func (h *hints) learn(page string, links []string) {
	known, ok := h.byPage.GetIfPresent(page)
	switch {
	case slices.Equal(known, links):
	case len(links) == 0 && ok:
		h.byPage.Invalidate(page)
	default:
		h.byPage.Set(page, slices.Clone(links))
	}
}
