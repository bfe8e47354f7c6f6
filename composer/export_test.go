package composer

import (
	"context"
	"net"
	"net/http"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/internal/http1"
)

// Fetcher returns a function that fetches a reference as an include does.
func Fetcher(c *Composer, reference string) func(context.Context) error {
	ref, err := ParseReference(reference)
	if err != nil {
		return func(context.Context) error { return err }
	}
	return func(ctx context.Context) error {
		at, err := c.resolver.TargetOf(ref)
		if err != nil {
			return err
		}
		_, _, err = c.fetcher.Get(&fetch.Request{
			Request: cache.Request{
				Key: cache.Key{Target: at, Scope: cache.NoScope}, Header: cache.FixedHeader{"Accept": {"text/html"}},
				Life: ctx, Deadline: time.Now().Add(time.Minute),
			},
			Fetcher: c.fetcher, Level: 1,
		})
		return err
	}
}

// ProxyOver is Proxy with an origin, and allowed hosts, that are reached as dial says.
func ProxyOver(c *Composer, dial func(ctx context.Context, network, address string) (net.Conn, error)) http.Handler {
	for _, client := range []*http1.Client{c.client, c.allowedHosts} {
		client.Dial = dial
	}
	return c.Proxy()
}

// StoredProgram returns the stored program of a reference for a view, or nil.
func StoredProgram(c *Composer, reference string) *esi.Program {
	ref, err := ParseReference(reference)
	if err != nil {
		return nil
	}
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return nil
	}
	response, _ := c.fetcher.Cache.Lookup(cache.Key{Target: at, Scope: cache.NoScope}, cache.FixedHeader{}, time.Now())
	if response == nil {
		return nil
	}
	return document.Of(response).Program()
}

// AwaitBlocks waits until no block is being compressed.
func AwaitBlocks(c *Composer) { c.pages.WaitCompressed() }

// BlocksWeight returns about how much memory all blocks take, in bytes.
func BlocksWeight(c *Composer) uint64 { return c.pages.BlocksWeight() }

// Registered returns the registry of a composer.
func Registered(c *Composer) *Registry { return c.registry }
