package composer

import (
	"context"
	"net/netip"
	"time"

	"selvedge/composer/internal/page"
)

// Rendered is a rendered view.
//
//   - Body is in UTF-8, with all includes.
//   - ETag is a hash of the fragment's ETag, or of its response if it has none.
//   - Groups are the data that the view was made from, and SourceGroup.
//   - Revision is Selvedge-Revision, or else data-revision of the root element; 0: none.
//   - Epoch is Selvedge-Epoch, or else data-epoch: revisions of different epochs cannot be
//     compared.
//   - Date is when the fragment was generated, at the earliest.
//   - Views are those within the root element of Body.
//   - Styles are the paths of the stylesheets that Body needs.
//   - Variant has the lines of the view's variant that Body depends on, without Accept. A
//     view of the same reference with this variant is the same.
type Rendered = page.Rendered

// Render renders a view as it was at since or later. Older stored responses are not used;
// with the zero time, all are that the cache returns. Each source receives the cookies of the
// variant that Source.Cookies or Options.Cookies name. The error is a *RefusedError if the
// fragment does not exist any more, and otherwise one that may pass.
func (c *Composer) Render(ctx context.Context, view View, since time.Time) (Rendered, error) {
	return c.renderFor(ctx, view, netip.Addr{}, since)
}

// renderFor is Render for a visitor with an address, whose share of a source's slots the
// request takes. The address is zero for a view of all visitors.
func (c *Composer) renderFor(ctx context.Context, view View, client netip.Addr, since time.Time) (Rendered, error) {
	ref, err := ParseReference(view.Reference)
	if err != nil {
		return Rendered{}, err
	}
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return Rendered{}, err
	}
	return c.pages.RenderView(ctx, view, at, client, since)
}
