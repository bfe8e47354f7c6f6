// Command selvedge composes web pages from fragments. It serves the site of a
// configuration file, or without one the shop that comes with it:
//
//	go run ./cmd/selvedge serve --config site.yaml
//	go run ./cmd/selvedge
//
// How to read this package, from the command line down:
//
//   - run.go has the commands; serve.go, fragment.go and proxy.go run a server each, from
//     top to bottom.
//   - settings.go has the flags of a site's settings, and site.go and reload.go serve the
//     site of package composer/site and read its file again.
//   - shopserver.go and fragmentserver.go are the shop and one of its fragments, over the
//     httpServer that all share; routes.go has every URL of the shop.
//   - internal/ has the flags, the log, the memory plan, the data folder, HTTPS, and the
//     protocol of JSON clients.
//
// # Settings
//
// A setting is a flag, an environment variable, a key of the file, or has a default, in
// this order. The commands config default and config env list them. Secrets may be
// file:PATH or env:NAME.
//
// The file of a site is read again when it changes, and on SIGHUP. A file with mistakes is
// logged, and the site goes on as it is. So it does when a value has changed that cannot
// change while it is served, such as the address.
//
// # Data
//
// The shop keeps its data in the folder of --data. Several processes on one machine
// can share the folder: each looks ten times a second for changes by the others, and
// pushes them to its open pages.
//
// A copy of selvedge.db alone lacks the data in the log beside it, so the shop refuses to
// start on an empty database beside its old key. The commands backup and restore copy
// both.
//
// # Invalidation
//
// POST /-/invalidate drops stored responses, and sends open pages the changes. It needs
// the bearer token of --admin-token, and takes the changes from
//
//   - the field Cache-Group-Invalidation: "product:3";
//   - JSON: {"groups":["product:3"]}, {"urls":["/list","https://shop.example/list?page=2"]},
//     {"prefix":"/list"} or {"all":true}, also together. With "soft":true, responses are
//     validated before their next use.
//
// The response has the groups, and the number of dropped responses.
//
// # Errors
//
// Errors are pages for people, and problem details (RFC 9457) for programs, by Accept. A 5xx
// shows an id, and the log has the error with that id.
//
// # TLS and HTTP/2
//
// With --tls-cert and --tls-key, every server has HTTPS, HTTP/2 and WSS:
//
//   - The files are read again when they change. A broken pair is logged, and the previous
//     one stays.
//   - A request of plain HTTP at the same port is redirected to https (308).
//
// Without them, a load balancer may speak HTTP/2 without TLS, by prior knowledge (RFC 9113
// §3.3).
//
// # Health
//
// /healthz and /readyz of the shop, and /-/healthz and /-/readyz of a site and of the proxy,
// are for load balancers. A stopping server is not ready (503), serves on for --drain-delay,
// and then waits for running requests for --shutdown-timeout.
package main
