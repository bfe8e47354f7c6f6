// Package logging makes the log of the program: its logger, and a line for each request.
//
//	logger, err := logging.New(os.Stderr, logging.Options{Level: "warn"})
//	handler := logging.Requests(logger, mux)
//
// A line has the time until the first byte, because a page is flushed while its fragments
// arrive. The middleware of go-chi/httplog has the whole duration alone.
package logging
