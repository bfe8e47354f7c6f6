// Command bench measures what the README claims, on the machine it runs on.
//
//	go run ./cmd/bench live
//
// measures live connections: the hub in a process of its own, and as many raw
// sockets on the loopback interface as the limit of descriptors lets it have.
// Beside the hub it measures what it is compared with, in the same run: a
// bare loop of writes, and servers written the way of their READMEs: of
// github.com/coder/websocket, of github.com/centrifugal/centrifuge, which is
// built from a module of its own in the folder peers, and of npm's ws, where
// Node is there and the package is in the ignored folder .tools:
//
//	npm install --prefix .tools --no-save ws
//
// All of them are told to show as much, but what they keep of a page is their
// own affair: ws, for one, knows nothing of views.
//
// One page of all is that of a headless Chromium, where the machine has one,
// and runs our script. How long it takes until a person could see a change is
// measured by one clock, that of the clients: from before the server is told of
// the change, until the page has said that its elements have changed, over a
// WebSocket of its own to the clients. The way back is not subtracted. Changes
// of two kinds are looked at: those of a view that only this page shows, while
// all others are open, and those that go to all pages, half of which come
// before this one.
//
// Two parts look at what goes wrong. One of a hundred pages stops to read,
// until its socket is full and the hub gives it up, while changes go to all; the
// others' times are compared with those of before. And all connections are cut
// again and again, by a reset, some eight times in a minute in which a view
// changes twice a second: pages that come back are told what they missed, and
// each must be right in the end.
//
// With --part only some of all that is measured. A run of three rounds takes
// six minutes.
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
