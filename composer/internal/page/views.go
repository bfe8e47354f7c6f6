package page

import (
	"context"
	"errors"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/pagetoken"
)

// viewCandidate is a part of a page that may be a view: a response, or the pending view
// of a failed include.
type viewCandidate struct {
	reference string
	response  *cache.Response
	pending   *pagetoken.Entry
	variance  byte // of the response and of all responses within it
}

// pageViews returns the views of the page so far.
func (pr *pageRequest) pageViews() []pagetoken.Entry {
	var views []pagetoken.Entry
	for _, c := range pr.views {
		if c.pending == nil {
			c.pending = viewOf(c.reference, c.response, c.variance)
		}
		if c.pending != nil {
			views = append(views, *c.pending)
		}
	}
	return views
}

// viewOf returns the view of a response, or nil. A view belongs to a group, and its first
// element has an id. The body is complete, because the response has been written.
func viewOf(reference string, response *cache.Response, variance byte) *pagetoken.Entry {
	response, err := response.Whole(context.Background())
	if err != nil {
		return nil
	}
	root, ok := pagetoken.ParseRoot(response.Body)
	if !ok {
		return nil
	}
	return &pagetoken.Entry{
		Reference: reference, Variance: variance, ETag: shortETag(response),
		Revision: revisionOf(response, root), Epoch: epochOf(response, root), Born: response.Policy.Born,
	}
}

// pendingViewOf returns the view to be sent to the page after the recovery of its
// fragment, or nil. The include has failed without a refusal, and the first element of
// its fallback has an id.
func pendingViewOf(f *includeFetch, err error) *pagetoken.Entry {
	var failed *fetch.Error
	if !errors.As(err, &failed) || f.refusal != nil || len(f.include.Fallback.Segments) == 0 {
		return nil
	}
	if _, ok := pagetoken.ParseRoot(f.include.Fallback.Segments[0].Text); !ok {
		return nil
	}
	return &pagetoken.Entry{Reference: f.address.Text, Variance: pagetoken.AllVariantBits}
}
