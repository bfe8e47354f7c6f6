package main

import (
	"bytes"
	"net/http"

	"selvedge/composer"
	"selvedge/fragments"
)

// listFragments answers with the fragments and their versions, as a page or as JSON.
func (s *shopServer) listFragments(w http.ResponseWriter, r *http.Request) {
	entries := s.registry.List()
	if !fragments.PrefersHTML(r) {
		err := fragments.JSON(w, r, map[string]any{"fragments": entries}, fragments.Answer{Vary: []string{"Accept"}})
		if err != nil {
			s.pages.Fail(w, r, err)
		}
		return
	}
	var body bytes.Buffer
	if err := listing(entries).Render(r.Context(), &body); err != nil {
		s.pages.Fail(w, r, err)
		return
	}
	s.pages.Show(w, r, composer.Answer{Status: http.StatusOK, Title: "Fragments", Body: body.Bytes()})
}
