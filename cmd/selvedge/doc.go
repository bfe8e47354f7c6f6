// Command selvedge composes web pages from fragments. Without a subcommand it
// serves the shop that comes with it:
//
//	go run ./cmd/selvedge
//
// How to read this package: run.go has the command line, serve.go and alone.go
// what the two commands that serve do, from top to bottom, and routes.go every
// URL. The rest is one idea a file.
package main
