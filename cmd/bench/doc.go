// Command bench measures what the README claims, on the machine it runs on.
//
//	go run ./cmd/bench live
//
// measures live connections: the hub in a process of its own, and as many raw
// sockets on the loopback interface as the limit of descriptors lets it have.
// Beside the hub it measures what it is compared with, in the same run: a
// bare loop of writes, and a server written the way of the README of
// github.com/coder/websocket.
//
//	go run ./cmd/bench page
//
// measures pages of 31 KB with ten includes: ours as a proxy and in process,
// beside a bare handler that writes the same bytes, nginx (SSI with
// proxy_cache) and varnishd (ESI) as far as the machine has them. Each is a
// process of its own, as is the origin; this one is the clients. First the
// status and the bytes of all are compared, and one that differs is not
// measured. They take turns in rounds; what the table shows is the median of
// the rounds, and for a comparison the median of the rounds' ratios. Beside
// the pages per second stands the processor time for a page, by which systems
// can be compared even if other programs take a part of the machine.
//
// Both end with a table: what, measured, target, ratio. The exit code is 0
// whether or not the targets are met, and 1 if the run is not valid, for
// instance because the clients and not the server were at their limit.
package main
