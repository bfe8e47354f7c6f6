package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"
)

// newLogger logs to w: as text where a person reads it, as JSON otherwise. A
// quiet one logs warnings and errors only.
func newLogger(w io.Writer, format string, quiet bool) (*slog.Logger, error) {
	options := &slog.HandlerOptions{}
	if quiet {
		options.Level = slog.LevelWarn
	}
	if format == "" {
		format = "json"
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			format = "text"
		}
	}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, usageError{fmt.Errorf("--log is %q; it can be text or json", format)}
}
