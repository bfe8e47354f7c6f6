package main

import (
	"net/http"

	"selvedge/composer"
	"selvedge/fragments"
)

// invalidate serves POST /-/invalidate: whoever has the admin token says which
// groups were changed by something other than a request to this site, in
// Cache-Group-Invalidation (RFC 9875 §3), or in JSON as {"groups": ["a"]}.
func (s *site) invalidate(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Accept", "application/json") // for programs, whatever they say
	groups, err := s.changed(w, r)
	if err != nil {
		fragments.Error(w, r, err)
		return
	}
	answer := struct {
		Groups  []string `json:"groups"`
		Dropped int      `json:"dropped"` // stored answers
	}{groups, s.composer.Invalidate(groups...)}
	if err := fragments.JSON(w, r, answer, fragments.Answer{CacheControl: "no-store"}); err != nil {
		fragments.Error(w, r, err)
	}
}

// changed returns the groups that a request names. The error is a *Problem.
func (s *site) changed(w http.ResponseWriter, r *http.Request) ([]string, error) {
	if err := s.admin.Check(w, r, "Invalidating"); err != nil {
		return nil, err
	}
	var body struct {
		Groups []string `json:"groups"`
	}
	if r.ContentLength != 0 {
		if err := fragments.Decode(w, r, &body); err != nil {
			return nil, err
		}
	}
	groups := append(composer.ChangedGroups(r.Header), body.Groups...)
	if len(groups) == 0 {
		return nil, &fragments.Problem{Status: http.StatusBadRequest, Title: "No group is named",
			Detail: `Name groups in the header Cache-Group-Invalidation: "a", "b", or in JSON as {"groups": ["a", "b"]}.`}
	}
	return groups, nil
}
