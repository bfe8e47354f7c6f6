// Package logging makes the logger of the program.
//
//	logger, err := logging.New(os.Stderr, logging.Options{Level: "warn"})
package logging
