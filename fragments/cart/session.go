package cart

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"selvedge/fragments"
	"selvedge/store"
)

// cartID returns the id of the request's cart, and false without a session.
func cartID(r *http.Request) (string, bool) {
	session := fragments.Session(r)
	if session == "" {
		return "", false
	}
	sum := sha256.Sum256([]byte(session))
	return hex.EncodeToString(sum[:8]), true
}

// ownCartID returns the id of the cart that the request may write to.
func ownCartID(r *http.Request) (string, error) {
	id, ok := cartID(r)
	if !ok {
		return "", &fragments.Problem{Status: http.StatusBadRequest, Title: "No session",
			Detail: "The request has no session cookie. Open a page of the shop first, with cookies allowed."}
	}
	return id, nil
}

// current returns the cart of the request; without a session, an empty one.
func (h handlers) current(r *http.Request) (store.Cart, error) {
	id, ok := cartID(r)
	if !ok {
		return store.Cart{}, nil
	}
	return h.store.Cart(r.Context(), id)
}
