package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// BearerToken authorizes requests by the token of an operator (RFC 6750 §2.1). It is safe
// for concurrent use. Several handlers with the same token need the same *BearerToken,
// because wrong tokens are counted together.
type BearerToken struct {
	hash    [sha256.Size]byte // all comparisons have the same length
	guesses chan struct{}     // a slot for each waiting response to a wrong token
}

const (
	minToken   = 16          // bytes
	guessDelay = time.Second // before the response to a wrong token
	maxGuesses = 16          // waiting responses to wrong tokens
)

// NewBearerToken returns the authorization by a token. A token of fewer than 16 bytes is an
// error, because an attacker could guess it.
func NewBearerToken(token string) (*BearerToken, error) {
	if len(token) < minToken {
		return nil, fmt.Errorf("a bearer token has at least %d bytes, and not %d", minToken, len(token))
	}
	return &BearerToken{hash: sha256.Sum256([]byte(token)), guesses: make(chan struct{}, maxGuesses)}, nil
}

// Authorize returns nil for a request with the token in the field Authorization, and else
// a *Problem with status 401 or 429. It is for [Invalidation].
//
// Two attacks are slowed down:
//
//   - timing: the comparison takes the same time for all tokens;
//   - guessing: the response to a wrong token takes a second, and while 16 of these
//     responses wait, the response to a further wrong token is 429.
//
// The right token has no delay.
func (b *BearerToken) Authorize(w http.ResponseWriter, r *http.Request) error {
	if b.matches(r) {
		return nil
	}
	_, token := bearerOf(r)
	const remedy = "Send the operator's token as Authorization: Bearer TOKEN."
	if token != "" && !b.delayGuess(r) {
		w.Header().Set("Retry-After", "1")
		return &Problem{Status: http.StatusTooManyRequests, Title: "Too many wrong tokens", Detail: "Wait a second. " + remedy}
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	return &Problem{Status: http.StatusUnauthorized, Title: "The token is missing or wrong", Detail: remedy}
}

// Verify reports whether a request has the token in the field Authorization. The result for
// a wrong token is delayed as the response of Authorize is, and counted with these.
func (b *BearerToken) Verify(r *http.Request) bool {
	if b.matches(r) {
		return true
	}
	if _, token := bearerOf(r); token != "" {
		b.delayGuess(r)
	}
	return false
}

// matches reports whether a request has the token.
func (b *BearerToken) matches(r *http.Request) bool {
	scheme, token := bearerOf(r)
	hash := sha256.Sum256([]byte(token))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(hash[:], b.hash[:]) == 1
}

// bearerOf returns the scheme and the credentials of a request.
func bearerOf(r *http.Request) (scheme, token string) {
	scheme, token, _ = strings.Cut(r.Header.Get("Authorization"), " ")
	return scheme, strings.TrimSpace(token)
}

// delayGuess waits for guessDelay. It returns false at once if too many responses wait.
func (b *BearerToken) delayGuess(r *http.Request) bool {
	select {
	case b.guesses <- struct{}{}:
	default:
		return false
	}
	defer func() { <-b.guesses }()
	timer := time.NewTimer(guessDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
	return true
}
