package main

import (
	"net/http"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/server"
	"selvedge/fragments"
)

// readAdminToken reads --admin-token. Without a token it returns nil.
func readAdminToken(c *cli.Command) (*server.BearerToken, error) {
	text := c.String("admin-token")
	if text == "" {
		return nil, nil
	}
	token, err := server.NewBearerToken(text)
	if err != nil {
		return nil, flags.Errorf("--admin-token: %w", err)
	}
	return token, nil
}

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
