// Package peers is what our servers are compared with.
//
//   - Pages: [StartNginx] with SSI and proxy_cache, [StartVarnish] with ESI.
//     Both are configured as an expert would for this load; the comments in the
//     configurations give the reasons.
//   - Live connections: [Naive], a server by the README of
//     github.com/coder/websocket; [BareLoop], the writes alone; and
//     [WebSocketServers], programs in the folder cmd/bench/peers.
//
// A peer whose program the machine lacks is left out of a run.
package peers
