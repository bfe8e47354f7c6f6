package composer

import (
	"context"
	"net/http"
	"time"
)

// Fetcher returns a function that fetches a reference as an include does.
func Fetcher(c *Composer, reference string) func(context.Context) error {
	ref, err := ParseReference(reference)
	header := http.Header{"X-Forwarded-Host": {"shop.example"}, "X-Forwarded-Proto": {"https"}, "Accept": {"text/html"}}
	return func(ctx context.Context) error {
		if err == nil {
			_, err = c.fetch(ctx, ref, header, time.Minute)
		}
		return err
	}
}
