// Package cache is a shared HTTP cache (RFC 9111) whose stored responses belong to
// groups (RFC 9875). It knows HTTP, and nothing of pages.
//
//	response, status, err := c.Get(ctx, request, fetcher)
//
// [Cache.Get] answers a request in one of these ways:
//
//   - with a fresh stored response: a hit;
//   - with a stale stored response, and a fetch in the background
//     (stale-while-revalidate, RFC 5861 §3);
//   - with the response of a fetch started by another request (coalescing);
//   - with the response of its own fetch, conditional if a stale response is stored (RFC
//     9111 §4.3.1);
//   - with a stale response if that fetch fails and the response permits it
//     (stale-if-error, RFC 5861 §4).
//
// [Status] names the way, in the words of RFC 9211. If the last response for a key could
// not be stored, the next requests do not wait for each other (hit-for-miss).
//
// # Rules
//
// The rules for fragment authors are at composer.Source. For each key:
//
//   - 16 variants are stored, the newest first.
//   - Requests with the same coalescing key share one fetch. Waiting requests read the body
//     while it arrives, if the response is fresh, storable, for all of them, and no document.
//   - The request that started the fetch reads the body while it arrives, unless a stale
//     response could still replace it.
//   - A fetch is canceled when the last waiting request leaves.
//   - An error, and a response without permission to be stored, belong to the request that
//     started the fetch. The others fetch by themselves, unless the source is unreachable.
//   - A fetch stores nothing if its groups are invalidated after its start.
//   - A 304 keeps the stored body and its [Attachment], with the compiled program.
//
// An [Attachment] has the products of a response, such as a program. It is weighed and
// evicted with the response.
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
