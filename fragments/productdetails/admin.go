package productdetails

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"selvedge/fragments"
)

// admin lets requests pass that carry the shop's token.
type admin struct {
	enabled bool
	token   [sha256.Size]byte // its hash, so that all comparisons are of one length
}

func newAdmin(token string) admin {
	return admin{enabled: token != "", token: sha256.Sum256([]byte(token))}
}

// check returns the problem of a request that may not pass. Tokens are
// compared in constant time, for the time that it takes must not tell how much
// of a guess was right (a timing attack).
func (a admin) check(w http.ResponseWriter, r *http.Request) error {
	if !a.enabled {
		return &fragments.Problem{
			Status: http.StatusForbidden,
			Title:  "Setting the stock is disabled",
			Detail: "Start the server with --admin-token to enable it.",
		}
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	hash := sha256.Sum256([]byte(strings.TrimSpace(token)))
	if strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(hash[:], a.token[:]) == 1 {
		return nil
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	return &fragments.Problem{
		Status: http.StatusUnauthorized,
		Title:  "The token is missing or wrong",
		Detail: "Send the token of the shop as Authorization: Bearer TOKEN.",
	}
}
