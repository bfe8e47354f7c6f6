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
// # Figures
//
// All figures are from two shared cores of a virtual machine, an AMD EPYC, with Linux.
// Other machines have other ratios: on a machine with a third of the speed, fragments that
// are not cached came to 2.0 times the pages of nginx in process, and to 0.6 times as a proxy.
//
// The page command takes three minutes: 31 KB, ten includes, 32 connections that are kept
// open, with origin and clients on the same cores. nginx is 1.22 with SSI and proxy_cache,
// Varnish 7.1 with ESI, both without a log:
//
//	                                         proxy   in process     nginx    Varnish    bare
//	template and fragments cached, pages/s  64,000       68,300    16,100     13,100  56,500
//	  processor time of the server            16 µs        15 µs     93 µs     128 µs   18 µs
//	fragments not cached, pages/s            4,840       15,900     5,370      2,100
//	  processor time of the server           223 µs       103 µs    167 µs     677 µs
//	ten uncached fragments of 20 ms each,   21.1 ms      20.8 ms   20.9 ms     207 ms
//	  the page and its first byte            0.3 ms       0.2 ms    0.1 ms     0.1 ms
//
// The bare handler writes the same bytes. A cached page allocates twice more than the bare
// handler, whatever its size, and 10,000 stored fragments of 1 KB take 1.41 times their bytes.
// With 100 includes a cached page takes 16 µs in process, with 1 MB 192 µs (the bare handler:
// 117 µs).
//
// The live command takes six minutes, with ten thousand open pages and clients on the same
// cores. Peers are servers in the style of their READMEs: a handler and a Write for each page
// with coder/websocket, a channel for each view with Centrifuge, and ws of Node, which keeps
// nothing of a page but its socket:
//
//	                                         hub  bare loop  coder/ws  Centrifuge       ws
//	memory of an idle page, 8 views       9.6 kB              30.5 kB     31.6 kB   6.9 kB
//	one change to all, p50 / p99, ms     33 / 65    30 / 64   39 / 75     45 / 83  58 / 114
//	processor time for a page and change  9.4 µs     9.0 µs   11.1 µs     12.6 µs  11.4 µs
//
// Of the hub alone:
//
//	renderings for such a change                                          1
//	fragment updates per second, 10 views a page                          1.38 million
//	processor time when idle                                              1.0 % of a core
//	all back and right after kill -9, p50 / p99, back-off of htmx 4       0.67 / 0.89 s
//	from a write to the display of a Chromium, one page, p50 / p99        1.4 / 20 ms
//	from a write to all, to the display of that Chromium, p50 / p99       34 / 48 ms
//	p99 of a change to all pages: while all read / while 1 % do not       68 / 63 ms
//	120 changes while each page is cut off 8 times: pages right at the end  100 %
//	the changes that such a page missed, after its handshake, p50 / p99   0.2 / 8 ms
//
// Two more figures come from benchmarks of packages:
//
//	go test -run=NONE -bench=BenchmarkSearch ./store/sqlite
//	go test -run=NONE -bench=Compile ./composer/esi
//
// A search of 100,000 products takes 1 to 4 ms with words, typing mistakes, filters, sorting and
// the last page. Compiling a page costs the same per byte, whatever its size or malice.
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
