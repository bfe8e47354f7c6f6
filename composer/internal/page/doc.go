// Package page assembles pages: it runs the program of a template, fetches its includes,
// and writes the page while they arrive. Composer.Page in package composer is the contract.
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
//
// # The first flush
//
// The page holds its first bytes back while more is likely to come at once, until
//   - every goroutine that is ready to run has had its turn;
//   - 5 ms have passed, while the template still arrives (templateWait);
//   - 16 ms have passed, if the last pages of a stored template were complete by then
//     (document.FrameTime, one picture of a display);
//   - 50 ms have passed, if the template has a validator, because the page then has one if
//     all its parts have one (validatorWait).
//
// # Partial includes
//
// An include without a fallback is written while it arrives, because its failure makes the
// page fail whether it comes early or late. All other includes are written when they are
// complete.
package page
