package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"selvedge/static"
)

// scripts are the operator's files that pages load instead of our script. They
// are served from our own origin, so that the policy of pages stays as it is.
type scripts struct {
	urls     []string // in the order in which pages load them
	handlers map[string]http.Handler
}

var scriptName = regexp.MustCompile(`^[\w.-]+\.js$`)

// readScripts reads the values of --script.
func readScripts(files []string) (scripts, error) {
	s := scripts{handlers: make(map[string]http.Handler)}
	for _, file := range files {
		name := filepath.Base(file)
		if !scriptName.MatchString(name) {
			return scripts{}, usageError{fmt.Errorf("--script %q is not named like a script, as in htmx.min.js", file)}
		}
		body, err := os.ReadFile(file)
		if err != nil {
			return scripts{}, fmt.Errorf("--script: %w", err)
		}
		url, handler := static.Script(name, body)
		s.urls = append(s.urls, url)
		s.handlers[url] = handler
	}
	return s, nil
}
