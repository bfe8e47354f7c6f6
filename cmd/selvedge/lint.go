package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/lint"
)

// lintShop renders the sample paths of the shop's fragments, and logs the mistakes in their
// HTML, above all those that would break open pages after a push. Parts without an id are
// meant to be stored, and not to be live.
func lintShop(ctx context.Context, all []*fragments.Fragment, c *composer.Composer, logger *slog.Logger) {
	for _, f := range all {
		m := f.Manifest()
		for _, route := range m.Routes {
			if route.Sample == "" || !strings.HasPrefix(route.Pattern, "GET ") || strings.HasPrefix(route.Sample, "/api/") {
				continue
			}
			reference := composer.Prefix + m.Name + route.Sample
			view, err := c.Render(ctx, composer.View{Reference: reference}, time.Time{})
			if err != nil {
				continue
			}
			header := http.Header{"Content-Type": {view.ContentType}}
			for _, group := range view.Groups {
				if group != composer.SourceGroup(m.Name) {
					header.Add("Cache-Groups", strconv.Quote(group))
				}
			}
			for _, f := range lint.Response(reference, header, view.Body) {
				if f.Rule == "id" {
					continue
				}
				logger.Warn("a fragment has a mistake", "reference", reference, "line", f.Line, "column", f.Column, "mistake", f.Message, "advice", f.Advice)
			}
		}
	}
}
