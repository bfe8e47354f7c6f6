package main

import (
	"net/http"

	"selvedge/composer"
	"selvedge/fragments/shell"
)

// site is what answers requests: the composer, and pages for what it cannot
// answer.
type site struct {
	*process
	registry *composer.Registry
	composer *composer.Composer
	// frame is the template around an answer with a given status that stands
	// on a page by itself.
	frame func(status int) string
}

func newSite(registry *composer.Registry, process *process) (*site, error) {
	s := &site{process: process, registry: registry, frame: shopFrame}
	var err error
	s.composer, err = composer.New(registry, composer.Options{Error: s.fail, Logger: process.logger})
	return s, err
}

func shopFrame(status int) string {
	switch {
	case status == http.StatusNotFound:
		return composer.Prefix + shell.Name + "/not-found"
	case status >= 400:
		return composer.Prefix + shell.Name + "/error"
	}
	return composer.Prefix + shell.Name + "/frame"
}
