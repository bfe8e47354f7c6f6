package shop

import (
	"net/http"

	"selvedge/fragments"
)

// authorize returns a function that refuses a request without the operator's token, or any
// request if there is no token. The action is named in the error.
func (s *Shop) authorize(action string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		token := s.site.AdminToken()
		if token == nil {
			return &fragments.Problem{Status: http.StatusForbidden, Title: action + " is disabled",
				Detail: "Start the server with --admin-token to enable it."}
		}
		return token.Authorize(w, r)
	}
}
