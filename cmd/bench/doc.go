// Command bench measures the claims of the README, on the machine on which it
// runs. It ends with a table: name, measured value, target, ratio. The exit code
// is 0 whether or not the targets are met, and 1 if the run is not valid: for
// instance because the clients, and not the server, were at their limit.
//
// # Live connections
//
//	go run ./cmd/bench live
//
// measures the hub in a process of its own, with as many raw sockets on the
// loopback interface as the limit of descriptors allows. In the same run it
// measures peers, which are told to show as much:
//
//   - a bare loop of writes to the sockets of the hub,
//   - a server by the README of github.com/coder/websocket,
//   - a server of github.com/centrifugal/centrifuge, built from the module in the
//     folder peers,
//   - a server of npm's ws, if the machine has Node and the package is in the
//     ignored folder .tools: npm install --prefix .tools --no-save ws
//
// A peer keeps of a page as much as it likes: ws, for example, has no views.
//
// The part visible opens one more page in a headless Chromium, with our script.
// It measures the time from before the change is ordered until the page reports
// that its elements have changed, on the clock of the clients and with the way
// back included. It makes changes of a view that only this page shows, and
// changes that go to all pages, half of them before this page.
//
// Two parts look at failures:
//
//   - slow: one page of a hundred stops to read until its socket is full and the
//     hub gives it up, while changes go to all. The times of the other pages are
//     compared with the times before.
//   - jitter: all connections are reset again and again, some eight times in a
//     minute in which a view changes twice a second. Pages that come back are
//     sent the changes that they missed, and each must be right in the end.
//
// The flag --part selects parts. A run of three rounds takes six minutes.
//
// # Pages
//
//	go run ./cmd/bench page
//
// measures pages of 31 KB with ten includes: ours as a proxy and in process,
// beside a bare handler that writes the same bytes, nginx (SSI with proxy_cache)
// and varnishd (ESI) if the machine has them. Each system is a process of its
// own, as is the origin; this process has the clients. Status and bytes of all
// systems are verified first, and a system that differs is not measured.
//
// The systems take turns in rounds. A value is the median of the rounds, a
// comparison the median of the rounds' ratios. The processor time for a page
// compares systems even if other programs take a part of the machine.
//
// # Packages
//
// Each command is a file that reads from top to bottom: flags, systems, rounds,
// table. Below it, each package imports only packages that stand further down:
//
//	livebench        the measurements of live connections
//	pagebench        the measurements of pages
//	systemundertest  our servers, as processes that take orders
//	peers            nginx, Varnish and the WebSocket servers to compare with
//	wsclient         thousands of live connections
//	loadgen          HTTP clients
//	browser          a page in Chromium
//	process          starting, ordering and ending server processes
//	workload         pages, views and tokens, for servers and clients
//	wsframe          the frames of WebSockets
//	tcpsocket        TCP connections by their descriptors
//	sysinfo          figures of the machine and its processes
//	report           statistics, the table, the validity of a run
package main
