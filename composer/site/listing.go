package site

import (
	"bytes"
	"net/http"

	"selvedge/composer"
	"selvedge/fragments"
)

// listing returns the handler of the list of fragments and their versions: a page for
// people, and JSON for programs.
func (g *generation) listing(registry *composer.Registry) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entries := registry.List()
		if !fragments.PrefersHTML(r) {
			err := fragments.JSON(w, r, map[string]any{"fragments": entries}, fragments.Answer{Vary: []string{"Accept"}})
			if err != nil {
				g.errors.fail(w, r, err)
			}
			return
		}
		var body bytes.Buffer
		if err := list(entries).Render(r.Context(), &body); err != nil {
			g.errors.fail(w, r, err)
			return
		}
		g.errors.show(w, r, composer.Answer{Status: http.StatusOK, Title: "Fragments", Body: body.Bytes()})
	})
}
