package main

import (
	"errors"
	"net/http"

	"selvedge/composer"
	"selvedge/fragments"
)

// purgeRequest is the body of POST /-/invalidate.
type purgeRequest struct {
	Groups []string `json:"groups"`
	URLs   []string `json:"urls"`   // absolute addresses, or paths of all hosts
	Prefix string   `json:"prefix"` // of either kind
	All    bool     `json:"all"`
	Soft   bool     `json:"soft"` // validate before use, and do not drop
}

// invalidate serves POST /-/invalidate: whoever has the admin token says what
// was changed by something other than a request to this site, as groups in
// Cache-Group-Invalidation (RFC 9875 §3), or in JSON (see purgeRequest).
func (s *site) invalidate(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Accept", "application/json") // for programs, whatever they say
	p, err := s.changed(w, r)
	if err != nil {
		fragments.Error(w, r, err)
		return
	}
	dropped, err := s.composer.Purge(p)
	if wrong := (*composer.PurgeError)(nil); errors.As(err, &wrong) {
		err = &fragments.Problem{Status: http.StatusBadRequest, Title: "This is no address", Detail: err.Error()}
	}
	if err != nil {
		fragments.Error(w, r, err)
		return
	}
	answer := struct {
		Groups  []string `json:"groups"`
		Dropped int      `json:"dropped"` // stored answers, also those that are only validated
	}{p.Groups, dropped}
	if err := fragments.JSON(w, r, answer, fragments.Answer{CacheControl: "no-store"}); err != nil {
		fragments.Error(w, r, err)
	}
}

// changed returns what a request names. The error is a *Problem.
func (s *site) changed(w http.ResponseWriter, r *http.Request) (composer.Purge, error) {
	if err := s.admin.Check(w, r, "Invalidating"); err != nil {
		return composer.Purge{}, err
	}
	var body purgeRequest
	if r.ContentLength != 0 {
		if err := fragments.Decode(w, r, &body); err != nil {
			return composer.Purge{}, err
		}
	}
	p := composer.Purge(body)
	p.Groups = append(append([]string{}, composer.ChangedGroups(r.Header)...), body.Groups...)
	if len(p.Groups) == 0 && len(p.URLs) == 0 && p.Prefix == "" && !p.All {
		return p, &fragments.Problem{Status: http.StatusBadRequest, Title: "Nothing is named",
			Detail: `Name groups in the header Cache-Group-Invalidation: "a", "b", or in JSON groups as {"groups": ["a", "b"]}, ` +
				`addresses as {"urls": ["/list", "https://shop.example/list?page=2"]}, what addresses begin with as {"prefix": "/list"}, or {"all": true}. ` +
				`With "soft": true it is validated before it is used, and not dropped.`}
	}
	return p, nil
}
