package fragments

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// AdminToken lets requests pass that have the bearer token of an operator (RFC 6750
// §2.1). A nil AdminToken lets no request pass. All routes of a token share an
// AdminToken, because wrong tokens are counted for all routes together.
type AdminToken struct {
	enabled bool
	hash    [sha256.Size]byte // a hash, for comparisons of equal length
	guesses chan struct{}     // an element for each delayed response to a wrong token
}

const (
	// minAdminToken is the least length of a token, in bytes.
	minAdminToken = 16

	// guessDelay is the delay of the response to a wrong token.
	guessDelay = time.Second

	// maxGuesses is the limit of delayed responses to wrong tokens.
	maxGuesses = 16
)

// NewAdminToken returns the AdminToken of a token. A token of 1 to 15 bytes is an error,
// because it could be guessed. With an empty token, no request passes.
func NewAdminToken(token string) (*AdminToken, error) {
	if token != "" && len(token) < minAdminToken {
		return nil, fmt.Errorf("an admin token has at least %d bytes, and not %d", minAdminToken, len(token))
	}
	return &AdminToken{
		enabled: token != "",
		hash:    sha256.Sum256([]byte(token)),
		guesses: make(chan struct{}, maxGuesses),
	}, nil
}

// Check returns nil if the request may pass, and a *Problem otherwise. The problem names
// the action what, as in "Setting the stock".
//
// Tokens are compared in constant time, because the duration must not reveal the correct
// part of a guess (a timing attack). The response to a wrong token is delayed by a
// second. A wrong token gets 429 at once while 16 responses are delayed. The right token
// passes at any time.
func (a *AdminToken) Check(w http.ResponseWriter, r *http.Request, what string) error {
	if a == nil || !a.enabled {
		return &Problem{Status: http.StatusForbidden, Title: what + " is disabled",
			Detail: "Start the server with --admin-token to enable it."}
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	hash := sha256.Sum256([]byte(token))
	if strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(hash[:], a.hash[:]) == 1 {
		return nil
	}
	if token != "" && !a.slowDown(r) {
		w.Header().Set("Retry-After", "1")
		return &Problem{Status: http.StatusTooManyRequests, Title: "Too many wrong tokens",
			Detail: "Wait a second, and send the token of --admin-token as Authorization: Bearer TOKEN."}
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	return &Problem{Status: http.StatusUnauthorized, Title: "The token is missing or wrong",
		Detail: "Send the token of --admin-token as Authorization: Bearer TOKEN."}
}

// slowDown delays the response to a wrong token. It returns false at once if too many
// responses are delayed.
func (a *AdminToken) slowDown(r *http.Request) bool {
	select {
	case a.guesses <- struct{}{}:
	default:
		return false
	}
	defer func() { <-a.guesses }()
	timer := time.NewTimer(guessDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
	return true
}
