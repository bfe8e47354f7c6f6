package fragments

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// AdminToken lets requests pass that carry an operator's bearer token (RFC
// 6750 §2.1). One value serves all routes that the token opens, because wrong
// tokens are counted for all of them together. No request passes a nil one.
type AdminToken struct {
	enabled bool
	hash    [sha256.Size]byte // so that all comparisons are of one length
	guesses chan struct{}     // a place for each wrong token that waits for its answer
}

const (
	// minAdminToken is how long a token has to be, in bytes.
	minAdminToken = 16

	// guessDelay is how long the answer to a wrong token takes.
	guessDelay = time.Second

	// maxGuesses bounds the wrong tokens that wait for their answers.
	maxGuesses = 16
)

// NewAdminToken returns what a token opens. It is an error if the token has
// fewer than 16 bytes, since it could be guessed; with an empty one no request
// passes.
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

// Check returns the *Problem of a request that may not pass. What names the
// action in its text, as in "Setting the stock".
//
// Tokens are compared in constant time, for the time that it takes must not
// tell how much of a guess was right (a timing attack). Wrong tokens are slowed:
// an answer to one takes a second, and while 16 of them wait, further ones are
// answered 429. The right token passes at any time.
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

// slowDown waits before a wrong token is answered. It returns false at once if
// too many wait.
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
