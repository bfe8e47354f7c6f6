package composer

import (
	"context"
	"errors"

	"selvedge/composer/internal/pagetoken"
)

// pageVariable stands, at the end of a page, for its token.
const pageVariable = "SELVEDGE_PAGE"

// seen is something that a page shows and that may be a view: an answer, or
// what is owed instead of one.
type seen struct {
	reference string
	answer    *response
	owed      *pagetoken.Entry
	variance  byte // of the answer, and of all that stands within it
}

// shown returns the views of a page so far.
func (v *visit) shown() []pagetoken.Entry {
	var views []pagetoken.Entry
	for _, s := range v.views {
		if s.owed == nil {
			s.owed = shownBy(s.reference, s.answer, s.variance)
		}
		if s.owed != nil {
			views = append(views, *s.owed)
		}
	}
	return views
}

// shownBy returns the view that an answer is: one that says which data it was
// made from, and whose first element has an id. Otherwise it is nil.
func shownBy(reference string, answer *response, variance byte) *pagetoken.Entry {
	if answer.coming != nil {
		all, err := answer.whole(context.Background()) // it has been written
		if err != nil {
			return nil
		}
		answer = all
	}
	found, ok := pagetoken.ParseRoot(answer.body)
	if !ok {
		return nil
	}
	return &pagetoken.Entry{
		Reference: reference, Variance: variance, ETag: tag(answer),
		Revision: answer.revision(found), Epoch: answer.epoch(found), Born: answer.gives.Born,
	}
}

// owed returns the view that a page will be sent when it is ready: an include
// that did not answer, or not well, and whose content has a first element with
// an id. Otherwise it is nil.
func owed(p *pending, err error) *pagetoken.Entry {
	var failed *FetchError
	if !errors.As(err, &failed) || p.refusal != nil || len(p.include.Fallback.Segments) == 0 {
		return nil
	}
	if _, ok := pagetoken.ParseRoot(p.include.Fallback.Segments[0].Text); !ok {
		return nil
	}
	return &pagetoken.Entry{Reference: p.address.text, Variance: pagetoken.AllVariantBits}
}
