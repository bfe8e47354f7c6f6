package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"selvedge/composer"
	"selvedge/hub"
)

// lint looks at the sample paths of our own fragments and names what would
// break the pages that are open when it is pushed to them. Only what says
// which data it was made from is ever pushed, and text without elements never.
func (s *site) lint(ctx context.Context) {
	for _, f := range s.fragments {
		m := f.Manifest()
		for _, route := range m.Routes {
			if route.Sample == "" || !strings.HasPrefix(route.Pattern, "GET ") || strings.HasPrefix(route.Sample, "/api/") {
				continue
			}
			reference := composer.Prefix + m.Name + route.Sample
			view, err := s.composer.Render(ctx, composer.View{Reference: reference}, time.Time{})
			namesData := err == nil && !slices.Equal(view.Groups, []string{composer.SourceGroup(m.Name)})
			if !namesData || !bytes.ContainsRune(view.Body, '<') {
				continue
			}
			for _, fault := range hub.Lint(view.Body) {
				s.logger.Warn("this fragment would break open pages", "reference", reference, "fault", fault)
			}
		}
	}
}
