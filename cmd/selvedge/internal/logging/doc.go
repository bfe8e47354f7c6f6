// Package logging makes the log of the program: its logger, and a line for each request.
//
//	logger, err := logging.New(os.Stderr, logging.Options{Level: "warn"})
//	handler := logging.Requests(logger, mux)
package logging
