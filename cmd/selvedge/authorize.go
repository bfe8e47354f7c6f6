package main

import (
	"net/http"

	"selvedge/composer/server"
	"selvedge/fragments"
)

// adminOnly returns the check for an action of the operator, such as "Setting the stock".
// The error of the check is a *fragments.Problem.
func adminOnly(token *server.BearerToken, action string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if token == nil {
			return &fragments.Problem{Status: http.StatusForbidden, Title: action + " is disabled",
				Detail: "Start the server with --admin-token to enable it."}
		}
		return token.Authorize(w, r)
	}
}
