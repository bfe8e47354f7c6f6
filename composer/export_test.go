package composer

import (
	"context"
	"net"
	"net/http"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/http1"
)

// Fetcher returns a function that fetches a reference as an include does.
func Fetcher(c *Composer, reference string) func(context.Context) error {
	ref, err := ParseReference(reference)
	if err != nil {
		return func(context.Context) error { return err }
	}
	return func(ctx context.Context) error {
		v := c.visitView(ctx, http.Header{"Accept": {"text/html"}})
		defer v.end()
		at, err := c.resolver.TargetOf(ref)
		if err != nil {
			return err
		}
		if answer, _ := c.cache.hit(v.key(at), v, v.now); answer != nil {
			return nil
		}
		_, _, err = c.obtain(v.query(at, time.Minute))
		return err
	}
}

// ProxyOver is Proxy with an origin, and allowed hosts, that are reached as
// dial says.
func ProxyOver(c *Composer, dial func(ctx context.Context, network, address string) (net.Conn, error)) http.Handler {
	for _, client := range []*http1.Client{c.client, c.guarded} {
		client.Dial = dial
	}
	return c.Proxy()
}

// StoredProgram returns the program that is stored of a reference for a view,
// or nil.
func StoredProgram(c *Composer, reference string) *esi.Program {
	ref, err := ParseReference(reference)
	if err != nil {
		return nil
	}
	at, err := c.resolver.TargetOf(ref)
	if err != nil {
		return nil
	}
	v := c.visitView(context.Background(), make(http.Header))
	defer v.end()
	answer, _ := c.cache.hit(v.key(at), v, v.now)
	if answer == nil {
		return nil
	}
	return answer.derived.program
}

// AwaitBlocks waits until no block is being compressed.
func AwaitBlocks(c *Composer) { c.blocks.working.Wait() }

// BlocksWeight returns about how much memory all blocks take, in bytes.
func BlocksWeight(c *Composer) uint64 {
	c.blocks.kept.CleanUp()
	return c.blocks.kept.WeightedSize()
}
