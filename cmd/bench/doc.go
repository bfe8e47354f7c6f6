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
// It ends with a table: what, measured, target, ratio. The exit code is 0
// whether or not the targets are met, and 1 if the run is not valid, for
// instance because the clients and not the server were at their limit.
package main
