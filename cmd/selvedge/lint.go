package main

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/hub"
)

// lint renders the sample paths of the shop's fragments, and logs the faults that would
// break open pages after a push. These responses are never pushed, so lint skips them:
//
//   - a response without groups;
//   - a response without elements.
func lint(ctx context.Context, all []*fragments.Fragment, c *composer.Composer, logger *slog.Logger) {
	for _, f := range all {
		m := f.Manifest()
		for _, route := range m.Routes {
			if route.Sample == "" || !strings.HasPrefix(route.Pattern, "GET ") || strings.HasPrefix(route.Sample, "/api/") {
				continue
			}
			reference := composer.Prefix + m.Name + route.Sample
			view, err := c.Render(ctx, composer.View{Reference: reference}, time.Time{})
			namesData := err == nil && !slices.Equal(view.Groups, []string{composer.SourceGroup(m.Name)})
			if !namesData || !bytes.ContainsRune(view.Body, '<') {
				continue
			}
			for _, fault := range hub.Lint(view.Body) {
				logger.Warn("this fragment would break open pages", "reference", reference, "fault", fault.Text, "advice", fault.Advice)
			}
		}
	}
}
