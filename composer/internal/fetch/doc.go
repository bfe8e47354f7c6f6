// Package fetch sends requests for fragments and templates to their sources: handlers of
// this process, other processes, the origin and allowed hosts. The cache answers a
// request if it has the response.
//
// Every request passes the guard of its source (see package breaker): a limit on the
// requests in flight, a circuit breaker, and a budget of retries. A response is decoded,
// limited in size, and read as ESI if it opts in.
package fetch
