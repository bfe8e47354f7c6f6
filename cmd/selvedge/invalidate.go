package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

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
	if err := s.admit(w, r); err != nil {
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

// admit returns the problem of a request that may not pass. The hashes of the
// tokens are compared in constant time, for the time that it takes must not
// tell how much of a guess was right (a timing attack).
func (s *site) admit(w http.ResponseWriter, r *http.Request) error {
	if s.adminToken == "" {
		return &fragments.Problem{Status: http.StatusForbidden, Title: "Invalidating is disabled",
			Detail: "Start the server with --admin-token to enable it."}
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got, want := sha256.Sum256([]byte(strings.TrimSpace(token))), sha256.Sum256([]byte(s.adminToken))
	if strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
		return nil
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	return &fragments.Problem{Status: http.StatusUnauthorized, Title: "The token is missing or wrong",
		Detail: "Send the token of --admin-token as Authorization: Bearer TOKEN."}
}
