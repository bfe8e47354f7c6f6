// Command selvedge composes web pages from fragments. It serves the site of a
// configuration file, or without one the shop that comes with it:
//
//	go run ./cmd/selvedge serve --config site.yaml
//	go run ./cmd/selvedge
//
// How to read this package, from the command line down:
//
//   - run.go has the commands; serve.go, fragment.go and proxy.go each read the settings of
//     a site, by settings.go.
//   - site.go serves any of these sites, over the httpServer of httpserver.go, and reload.go
//     has it read its settings again; dev.go serves a site in development.
//   - internal/shop is the shop: its file shop.yaml, and what is not in the file. No other
//     package knows it.
//   - internal/ has the flags, the log, the memory plan, HTTPS, the version, the manual page,
//     the health check, the files of a new fragment, and what dev runs.
//
// selvedge version prints the version with its commit and date. The folder release makes
// programs and packages of a version.
//
// # Settings
//
// A setting is a flag, an environment variable, a key of the file, or has a default, in
// this order. The commands config default and config env list them. The fragments, pages and
// slots of flags are laid over those of the file, by their names. Secrets may be file:PATH
// or env:NAME.
//
// The shop is a site too: the command config shop prints its file.
//
// The file of a site is read again when it changes, and on SIGHUP. A file with mistakes is
// logged, and the site goes on as it is. So it does when a value has changed that cannot
// change while it is served, such as the address.
//
// # A new fragment
//
//	selvedge new fragment comments --lang python
//
// writes a fragment in go, python or node into the folder comments, or that of --folder: a
// list of notes with a form, its tests, and a site for it. It runs without a change. The one
// in Go is a module of its own, with the versions of a checkout of Selvedge: that of the
// working folder, or else that of the program.
//
// # Lint
//
// The command lint takes addresses of fragments' servers, of single paths of them, and files
// of templates. It prints each mistake as URL:LINE:COLUMN: message; advice, or with --json an
// array of objects. Package fragments/lint has the rules. The exit code is
//
//   - 0 without findings;
//   - 1 with findings, and for a server or a file that cannot be read;
//   - 2 for a wrong command line.
//
// # Development
//
// selvedge dev serves the site of a file while its fragments are written. It stores nothing,
// and all its pages are live. It starts the commands of the fragments in the file:
//
//	fragments:
//	  notes: { url: "http://127.0.0.1:7001", command: [python3, notes.py], dir: notes, watch: ["*.py"] }
//
// A command has these rules:
//
//   - It is a list of words, or a text for the shell. PORT in its environment is the port of
//     the url. Its output is shown behind its name.
//   - It is started again when a file below dir changes whose name fits watch, and after a
//     pause when it has ended. All its processes end with selvedge dev.
//   - Requests wait up to ten seconds for a server that is starting.
//   - templ runs beside a command whose folder has .templ files.
//
// Open pages load themselves again when a server answers again, has another version or has
// ended, and when a template file or the file of the site has changed. They keep their place
// and what was typed into fields with an id. A page of a server error is loaded again every
// second.
//
// The log has the mistakes that lint finds in the responses of pages, and once in the samples of
// each fragment.
//
// selvedge dev http://127.0.0.1:7001/notes, with any number of URLs, shows each fragment alone in
// a page: the path of its URL, and the samples of its manifest (see package workbench).
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
// /-/healthz and /-/readyz are for load balancers; the shop has them as /healthz and /readyz
// too. The command healthcheck asks /-/readyz of the server at --listen, at the address of
// --config or at a URL, and exits with 0 or 1, for containers without any other HTTP client.
// A stopping server is not ready (503), serves on for --drain-delay, and then waits for running
// requests for --shutdown-timeout.
//
// The server takes the sockets of a service manager (LISTEN_FDS), and says when it is ready
// and when it stops (NOTIFY_SOCKET), as systemd does. The folder release has the unit.
package main
