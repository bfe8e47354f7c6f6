package fragments

import (
	"net/http"
	"strings"
)

// SessionCookie is the name of the session's cookie of a fragment that is served alone.
const SessionCookie = "session"

// siteSessionCookie is the name of the session's cookie in a site of a file.
const siteSessionCookie = "selvedge-session"

// sessionLength is the length of the id of a session, in hexadecimal digits.
const sessionLength = 32

// Session returns the id of the visitor's session: 32 hexadecimal digits, which differ for
// each browser. The composer has verified the id, so a fragment may use it as the key of
// the visitor's data. The id is empty in these cases:
//
//   - there is no composer, or its program has no sessions;
//   - the include says public, or the response is rendered for all visitors;
//   - the site has another name than selvedge-session and SessionCookie for the cookie.
//
// A response that depends on the session is [Private]. The id is a secret: whoever has it
// is the visitor (session hijacking), so neither a response nor the name of a group should
// have the id itself.
func Session(r *http.Request) string {
	for _, name := range []string{siteSessionCookie, SessionCookie} {
		if cookie, err := r.Cookie(name); err == nil && isSession(cookie.Value) {
			return cookie.Value
		}
	}
	return ""
}

func isSession(text string) bool {
	return len(text) == sessionLength && strings.Trim(text, "0123456789abcdef") == ""
}
