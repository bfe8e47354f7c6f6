package config

import (
	"fmt"
	"strings"
)

// Error is one mistake in a configuration.
type Error struct {
	File         string // empty: the configuration is from no file
	Line, Column int    // from 1; 0: unknown
	Key          string // the path of the key, as in fragments.cart.url
	Message      string
}

// Error returns the mistake in the form of compilers: site.yaml:3:1: message.
func (e *Error) Error() string {
	switch {
	case e.Line > 0:
		return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	case e.File != "":
		return e.File + ": " + e.Message
	}
	return e.Message
}

// Errors are all mistakes in a configuration, in the order of the file.
type Errors []*Error

// Error returns the mistakes, a line each.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap is for errors.As.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, err := range e {
		all[i] = err
	}
	return all
}

// position is a place in the file.
type position struct{ line, column int }

// ErrorAt returns Errors with a mistake at a key, for mistakes that the package cannot know.
func (c *Config) ErrorAt(key, format string, args ...any) error {
	at := c.positions[key]
	return Errors{{File: c.file, Line: at.line, Column: at.column, Key: key, Message: fmt.Sprintf(format, args...)}}
}
