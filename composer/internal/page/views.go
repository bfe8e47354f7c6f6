package page

import (
	"context"
	"errors"
	"slices"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/pagetoken"
	"selvedge/composer/registry"
)

// viewCandidate is a part of a page that may be a view: a response, or the pending view
// of a failed include.
type viewCandidate struct {
	reference string
	response  *cache.Response
	pending   *pagetoken.Entry
	variance  byte     // of the response and of all responses within it
	within    []string // see pagetoken.Entry
}

// pageViews returns the views of the page so far.
func (pr *pageRequest) pageViews() []pagetoken.Entry {
	var views []pagetoken.Entry
	for _, c := range pr.views {
		if c.pending == nil {
			c.pending = c.entry()
		}
		if c.pending != nil {
			views = append(views, *c.pending)
		}
	}
	return views
}

// entry returns the view of a response, or nil. A view is of a fragment of the registry,
// belongs to a group, and its first element has an id. The body is complete, because the
// response has been written.
func (c viewCandidate) entry() *pagetoken.Entry {
	response, err := c.response.Whole(context.Background())
	if err != nil {
		return nil
	}
	root, ok := pagetoken.ParseRoot(response.Body)
	if !ok {
		return nil
	}
	return &pagetoken.Entry{
		Reference: c.reference, Variance: c.variance, Within: c.within, ETag: shortETag(response),
		Revision: revisionOf(response, root), Epoch: epochOf(response, root), Born: response.Policy.Born,
	}
}

// cookiesOf returns the name in pagetoken.Entry.Within for the cookies that the source of a
// response receives, or "" for none.
func cookiesOf(response *cache.Response) string {
	switch source := response.Backend; {
	case source == nil || source.Guarded:
		return ""
	case source.Cookies == nil:
		return pagetoken.SharedCookies
	default:
		return source.Name
	}
}

// withCookiesOf returns pr.within with the name of a response that varies on Cookie. While
// all sources receive the same cookies, the list stays empty.
func (pr *pageRequest) withCookiesOf(response *cache.Response) []string {
	if !pr.options.Registry.HasOwnCookies() || !pagetoken.VariesOnCookie(response.Policy.Views) {
		return pr.within
	}
	if name := cookiesOf(response); name != "" && !slices.Contains(pr.within, name) {
		return append(pr.within, name)
	}
	return pr.within
}

// otherCookies returns the names in a list that stand for other cookies than those of a
// response.
func otherCookies(within []string, response *cache.Response) []string {
	own := cookiesOf(response)
	return slices.DeleteFunc(slices.Clone(within), func(name string) bool { return name == own })
}

// isNamed reports whether references name a source: not a mount, and no origin or allowed
// host.
func isNamed(source *registry.Backend) bool {
	return source != nil && !source.External && !source.IsMount()
}

// pendingViewOf returns the view to be sent to the page after the recovery of its
// fragment, or nil. The include of a fragment has failed without a refusal, and the first
// element of its fallback has an id.
func (pr *pageRequest) pendingViewOf(f *includeFetch, err error) *pagetoken.Entry {
	if at, unknown := pr.resolve(f, f.address.Text); unknown != nil || !isNamed(at.Target.Backend) {
		return nil
	}
	var failed *fetch.Error
	if !errors.As(err, &failed) || f.refusal != nil || len(f.include.Fallback.Segments) == 0 {
		return nil
	}
	if _, ok := pagetoken.ParseRoot(f.include.Fallback.Segments[0].Text); !ok {
		return nil
	}
	return &pagetoken.Entry{Reference: f.address.Text, Variance: pagetoken.AllVariantBits}
}
