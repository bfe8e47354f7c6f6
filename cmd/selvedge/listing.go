package main

import (
	"bytes"
	"net/http"

	"selvedge/composer"
	"selvedge/fragments"
)

// listFragments lists the fragments with their versions, as a page or as JSON.
func (s *site) listFragments(w http.ResponseWriter, r *http.Request) {
	entries := s.registry.List()
	if !fragments.PrefersHTML(r) {
		err := fragments.JSON(w, r, map[string]any{"fragments": entries}, fragments.Answer{Vary: []string{"Accept"}})
		if err != nil {
			s.fail(w, r, err)
		}
		return
	}
	var body bytes.Buffer
	if err := listing(entries).Render(r.Context(), &body); err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, composer.Answer{Status: http.StatusOK, Title: "Fragments", Body: body.Bytes()})
}
