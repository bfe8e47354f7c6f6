package shop

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/static"
)

// scripts are the operator's files that pages load instead of the shop's script. The files
// are served from the origin of the shop, so that the Content-Security-Policy stays.
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
			return scripts{}, flags.Errorf("--script %q is not named like a script, as in htmx.min.js", file)
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
