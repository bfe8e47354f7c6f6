// Package breaker keeps requests from overloading a source, and a failing source from
// delaying its visitors. A [Guard] has, for one source:
//
//   - a limit on the requests in flight, with a share for each client;
//   - a circuit breaker for the source, and one for each route of a fragment;
//   - a budget of retries.
//
// A request acquires a [Permit], reports its outcome, and releases the permit.
package breaker
