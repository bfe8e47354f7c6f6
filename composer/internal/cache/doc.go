// Package cache is a shared HTTP cache (RFC 9111) whose stored responses belong to
// groups (RFC 9875). It knows HTTP, and nothing of pages.
//
//	response, status, err := c.Get(ctx, request, fetcher)
//
// [Cache.Get] answers a request in one of these ways:
//
//   - with a stored response that is fresh: a hit;
//   - with a stale one that may be used while it is fetched again
//     (stale-while-revalidate, RFC 5861 §3);
//   - with the response of a fetch that another request started (coalescing);
//   - with the response of its own fetch, which is conditional if a stale response is
//     stored (RFC 9111 §4.3.1);
//   - with a stale response if that fetch fails and the response permits it
//     (stale-if-error, RFC 5861 §4).
//
// [Status] names the way, in the words of RFC 9211. If the last response for a key could
// not be stored, the next requests do not wait for each other (hit-for-miss).
//
// # Rules
//
// A fragment author reads them at composer.Source. For each key:
//
//   - 16 variants are stored, the newest first.
//   - Requests with the same coalescing key share one fetch. Waiting requests read the body
//     while it arrives, if the response is fresh, storable, for all of them, and no document.
//   - The request that started the fetch reads the body while it arrives, unless a stale
//     response could still replace it.
//   - A request that leaves cancels the fetch only if no other request waits for it.
//   - A response that may not be stored, and an error, belong to the request that started
//     the fetch. The others fetch by themselves, unless no request could be sent.
//   - A fetch that started before an invalidation of its groups stores nothing.
//   - A 304 keeps the stored body and its [Attachment], which has the compiled program.
//
// The user of a cache hangs what it makes of a response on the response, as an
// [Attachment] that is weighed and evicted with it.
//
// # Where to look
//
//   - get.go: a request, from lookup to response; stale responses on error
//   - coalesce.go: which requests share a fetch
//   - groups.go: invalidation
//   - freshness.go: what may be stored, and how long it is fresh
//   - revalidate.go: conditional requests, and 304
//   - weight.go: how much memory an entry takes
package cache
