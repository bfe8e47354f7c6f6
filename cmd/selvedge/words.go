package main

import (
	"fmt"
	"regexp"
	"strings"
)

// What the reader of the command line says of a mistake, with the value and the
// names that a sentence about it needs.
var (
	badValue    = regexp.MustCompile(`^invalid value (".*") for (?:flag|argument) -*([a-z-]+): (.*)$`)
	badVariable = regexp.MustCompile(`^could not parse (".*") as (\S+) value from environment variable "([A-Z_]+)"`)
	noValue     = regexp.MustCompile(`^flag needs an argument: -*(\S+)$`)
	unknownFlag = regexp.MustCompile(`^flag provided but not defined: -*(\S+)$`)
)

// inWords says a mistake in the command line, or in the environment that stands
// in its place, as a person would. Other errors stay as they are.
func inWords(err error) error {
	text := err.Error()
	if m := badVariable.FindStringSubmatch(text); m != nil {
		return usageError{fmt.Errorf("%s is %s, which is no %s", m[3], m[1], kindOf(m[2]))}
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s cannot be %s, which is no %s", m[2], m[1], kindOf(m[3]))
	}
	if m := noValue.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("--%s needs a value", m[1])
	}
	if m := unknownFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("there is no flag --%s", m[1])
	}
	return err
}

// kindOf says what a value should have been, by the name of its type or by what
// its parser has said.
func kindOf(said string) string {
	switch {
	case strings.Contains(strings.ToLower(said), "duration"):
		return "time, as in 10s"
	case strings.Contains(said, "Int") || strings.Contains(said, "int"):
		return "number"
	}
	return "word for yes or no, as in true"
}
