package composer

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"time"
)

// SessionCookie is the name of the cookie that tells one browser from another.
const SessionCookie = "session"

// sessionAge is how long a browser keeps its session without coming back.
const sessionAge = 30 * 24 * time.Hour

// Session is middleware that gives every browser a session: 128 random bits
// as 32 hexadecimal digits, in a cookie that scripts cannot read, that other
// sites' forms do not carry, and that stays off plain connections once it was
// set over TLS. The first request sees it too. A cookie of any other form is
// replaced, so that nobody chooses their own.
func Session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !hasSession(r) {
			cookie := newSession(scheme(r) == "https")
			http.SetCookie(w, cookie)
			r = withSession(r, cookie)
		}
		next.ServeHTTP(w, r)
	})
}

func hasSession(r *http.Request) bool {
	cookies := r.CookiesNamed(SessionCookie)
	if len(cookies) != 1 || len(cookies[0].Value) != 32 {
		return false
	}
	_, err := hex.DecodeString(cookies[0].Value)
	return err == nil
}

func newSession(secure bool) *http.Cookie {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails; see crypto/rand
	return &http.Cookie{
		Name:     SessionCookie,
		Value:    hex.EncodeToString(id[:]),
		Path:     "/",
		MaxAge:   int(sessionAge.Seconds()),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   secure,
	}
}

// withSession returns the request with the cookie in place of any of its name.
func withSession(r *http.Request, session *http.Cookie) *http.Request {
	others := r.Cookies()
	r = r.Clone(r.Context())
	r.Header.Del("Cookie")
	for _, c := range others {
		if c.Name != SessionCookie {
			r.AddCookie(c)
		}
	}
	r.AddCookie(&http.Cookie{Name: session.Name, Value: session.Value})
	return r
}
