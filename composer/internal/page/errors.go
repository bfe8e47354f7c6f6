package page

import (
	"errors"

	"selvedge/composer/internal/fetch"
)

var (
	errPageTooLarge = errors.New("the page is too large")
	errTooDeep      = errors.New("includes are nested too deeply")
	errTooMany      = errors.New("the page has too many includes")

	// errOutdated reports that each available response is older than the requested time.
	errOutdated = errors.New("only an answer from before is to be had")
)

// failureReason returns a short name for the reason of a failed include.
func failureReason(err error) string {
	if errors.Is(err, errPageTooLarge) || errors.Is(err, errTooDeep) || errors.Is(err, errTooMany) {
		return "limit"
	}
	return fetch.Reason(err)
}
