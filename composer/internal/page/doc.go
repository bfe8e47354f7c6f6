// Package page assembles pages: it runs the program of a template, fetches its includes,
// and writes the page while they arrive.
//
// A page request goes through these steps:
//
//   - assembler.go: entry points; the template is fetched
//   - microcache.go: a page that was just assembled of stored parts is written again
//   - execution.go: the includes of the program start, all at once
//   - include.go: an include is fetched; its fallback, if that fails
//   - required.go: the includes that decide the page's status are awaited
//   - write.go: the parts are written in document order
//   - pagewriter.go: bytes are held back until the page has to wait, and then flushed
//   - header.go: the header of the page is made of those of its parts
package page
