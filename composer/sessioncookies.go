package composer

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"selvedge/composer/internal/header"
)

// sessionCookies signs, verifies and expires the cookies of sessions.
//
// The value of a cookie is
//   - the id of the session, and a dot;
//   - the tag of the site;
//   - in base64url: the time of the cookie, as Unix seconds in 4 bytes, and the signature of
//     id and time.
type sessionCookies struct {
	name   string     // of the cookie that fragments receive
	plain  []string   // names of cookies that may hold a session, without TLS
	secure []string   // the same over TLS
	tag    string     // of the key: distinguishes the site's cookies from those of a similar site
	macs   *sync.Pool // of hash.Hash
}

// The default names of a session's cookie. A browser accepts the prefix __Host- over TLS
// only, and from this host only (RFC 6265bis §4.1.3.2).
const (
	defaultSessionCookie = "selvedge-session"
	securePrefix         = "__Host-"
	secureSessionCookie  = securePrefix + defaultSessionCookie
)

// maxSessionNames is the number of names for a session's cookie: that of the option, the
// default name, and the site's own.
const maxSessionNames = 3

const (
	// sessionAge is how long a session's cookie is valid.
	sessionAge = 30 * 24 * time.Hour

	// sessionRenewal is the age at which the cookie of a session is renewed.
	sessionRenewal = sessionAge / 3

	sessionIDLength  = 32 // hexadecimal digits
	sessionTagLength = 4  // characters of base64url
	sessionSealStart = sessionIDLength + 1 + sessionTagLength
	sessionTimeBytes = 4
	sessionMACBytes  = 16
	sessionSealBytes = sessionTimeBytes + sessionMACBytes // after the tag, before base64url
)

// sessionPurpose begins the signed text, because page tokens have signatures with the same
// key: no signature fits both.
const sessionPurpose = "session\n"

func newSessionCookies(o Options) *sessionCookies {
	s := &sessionCookies{
		name: defaultSessionCookie,
		macs: &sync.Pool{New: func() any { return hmac.New(sha256.New, o.TokenKey) }},
	}
	sum := s.mac([]byte("session tag\n"))
	s.tag = base64.RawURLEncoding.EncodeToString(sum[:])[:sessionTagLength]
	own := defaultSessionCookie + "-" + s.tag
	s.plain = []string{defaultSessionCookie, own}
	s.secure = []string{secureSessionCookie, securePrefix + own}
	if o.SessionCookie != "" && o.SessionCookie != defaultSessionCookie {
		s.name = o.SessionCookie
		s.plain = slices.Insert(s.plain, 0, s.name)
		s.secure = slices.Insert(s.secure, 0, s.name)
	}
	return s
}

// passes reports whether a source that receives the cookies with these names receives the
// session.
func (s *sessionCookies) passes(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return name == header.AnyCookie || name == s.name || name == secureSessionCookie
	})
}

// reserves reports whether no source may set a cookie with this name: the names of a
// session's cookie, and those that begin with one of them.
func (s *sessionCookies) reserves(name string) bool {
	isPrefix := func(own string) bool { return strings.HasPrefix(name, own) }
	return slices.ContainsFunc(s.plain, isPrefix) || slices.ContainsFunc(s.secure, isPrefix)
}

// names returns the names of the cookies that may hold the session of a request, the
// preferred name first.
func (s *sessionCookies) names(r *http.Request) []string {
	if header.Scheme(r) == "https" {
		return s.secure
	}
	return s.plain
}

// isNamed reports whether a cookie, written name=value, has a name of a session's cookie.
func (s *sessionCookies) isNamed(pair string) bool {
	name, _, _ := strings.Cut(pair, "=")
	name = strings.TrimSpace(name)
	return slices.Contains(s.plain, name) || slices.Contains(s.secure, name)
}

// foundSession is the session in the cookies of a request.
type foundSession struct {
	id     string    // empty: there is no session
	name   string    // of its cookie
	value  string    // of its cookie
	issued time.Time // the time of its cookie
	others bool      // further cookies have the form of a session
	// foreign is true for a name with another program's cookie, by index in names.
	foreign [maxSessionNames]bool
}

// find returns the first valid session of a request.
func (s *sessionCookies) find(r *http.Request) foundSession {
	var found foundSession
	names := s.names(r)
	for name, pair := range header.Cookies(r.Header) {
		i := slices.Index(names, name)
		if i < 0 {
			continue
		}
		_, value, _ := strings.Cut(pair, "=")
		value = strings.TrimSpace(value)
		if !s.hasForm(value) {
			found.foreign[i] = true
			continue
		}
		if issued, ok := s.verify(value); ok && found.id == "" {
			found.id, found.name, found.value, found.issued = value[:sessionIDLength], name, value, issued
		} else {
			found.others = true
		}
	}
	return found
}

// hasForm reports whether a value looks like one of this site's session cookies.
func (s *sessionCookies) hasForm(value string) bool {
	return len(value) == sessionSealStart+base64.RawURLEncoding.EncodedLen(sessionSealBytes) &&
		value[sessionIDLength] == '.' && value[sessionIDLength+1:sessionSealStart] == s.tag && isSessionID(value[:sessionIDLength])
}

// isSessionID reports whether a text looks like the id of a session.
func isSessionID(text string) bool {
	return len(text) == sessionIDLength && strings.Trim(text, "0123456789abcdef") == ""
}

// verify returns the time of a cookie. ok is false if another site made the cookie, or if it
// has expired.
func (s *sessionCookies) verify(value string) (issued time.Time, ok bool) {
	var seal [sessionSealBytes]byte
	id := value[:sessionIDLength]
	if _, err := base64.RawURLEncoding.Strict().Decode(seal[:], []byte(value[sessionSealStart:])); err != nil {
		return time.Time{}, false
	}
	mac := s.sign(id, [sessionTimeBytes]byte(seal[:]))
	if !hmac.Equal(mac[:], seal[sessionTimeBytes:]) {
		return time.Time{}, false
	}
	issued = time.Unix(int64(binary.BigEndian.Uint32(seal[:])), 0)
	return issued, time.Since(issued) < sessionAge
}

func (s *sessionCookies) sign(id string, issued [sessionTimeBytes]byte) (mac [sessionMACBytes]byte) {
	var room [len(sessionPurpose) + sessionIDLength + sessionTimeBytes]byte
	return s.mac(append(append(append(room[:0], sessionPurpose...), id...), issued[:]...))
}

// mac returns the signature of a text that begins with its purpose.
func (s *sessionCookies) mac(text []byte) (mac [sessionMACBytes]byte) {
	h, _ := s.macs.Get().(hash.Hash)
	h.Reset()
	_, _ = h.Write(text) // never fails; see hash.Hash
	var sum [sha256.Size]byte
	copy(mac[:], h.Sum(sum[:0]))
	s.macs.Put(h)
	return mac
}

func newSessionID() string {
	var id [sessionIDLength / 2]byte
	_, _ = rand.Read(id[:]) // never fails; see crypto/rand
	return hex.EncodeToString(id[:])
}

// cookie returns the cookie of a session, issued now.
func (s *sessionCookies) cookie(r *http.Request, found foundSession) *http.Cookie {
	var seal [sessionSealBytes]byte
	binary.BigEndian.PutUint32(seal[:], uint32(time.Now().Unix())) //nolint:gosec // until 2106
	mac := s.sign(found.id, [sessionTimeBytes]byte(seal[:]))
	copy(seal[sessionTimeBytes:], mac[:])
	value := found.id + "." + s.tag + base64.RawURLEncoding.EncodeToString(seal[:])
	return setSession(r, s.nameFor(r, found), value, sessionAge)
}

// nameFor returns the name of the cookie to set:
//   - the name of the session's cookie, if the session has one;
//   - else the first name without another program's cookie;
//   - else the last name, which has the tag of the site's key. No other program uses it by
//     chance, so a value without the form of a session is a damaged one.
func (s *sessionCookies) nameFor(r *http.Request, found foundSession) string {
	if found.name != "" {
		return found.name
	}
	names := s.names(r)
	last := len(names) - 1
	for i, name := range names[:last] {
		if !found.foreign[i] {
			return name
		}
	}
	return names[last]
}

// setSession returns a cookie that the browser keeps for the time age.
func setSession(r *http.Request, name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{
		Name:     name,
		Value:    value,
		Path:     "/",
		MaxAge:   int(age.Seconds()),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   header.Scheme(r) == "https",
	}
}

// maxExpired bounds the cookies that a response expires.
const maxExpired = 16

// expireOthers has the browser drop the session's cookies except the one in found. A request
// does not tell the path and domain of a cookie, so cookies of all paths above the
// request's, and of all domains above its host, are expired. The cookie in found may be
// among them, and is set again.
func (s *sessionCookies) expireOthers(h http.Header, r *http.Request, found foundSession) {
	add := func(name, domain, path string) {
		if n := len(h["Set-Cookie"]); n < maxExpired {
			cookie := setSession(r, name, "", 0)
			cookie.MaxAge, cookie.Domain, cookie.Path = -1, domain, path
			h.Add("Set-Cookie", cookie.String())
		}
	}
	for _, name := range s.names(r) {
		switch {
		case name != found.name && s.isSessionIn(r, name):
			add(name, "", "/")
		case name == found.name && !strings.HasPrefix(name, securePrefix): // with that prefix, domain and path are fixed
			for _, domain := range parentDomains(r.Host) {
				add(name, domain, "/")
			}
			for _, path := range cookiePaths(r.URL.EscapedPath()) {
				add(name, "", path)
			}
		}
	}
	remaining := sessionAge - time.Since(found.issued)
	h.Add("Set-Cookie", setSession(r, found.name, found.value, remaining).String())
}

// isSessionIn reports whether the request has a cookie with this name and the form of a
// session.
func (s *sessionCookies) isSessionIn(r *http.Request, name string) bool {
	for found, pair := range header.Cookies(r.Header) {
		if _, value, _ := strings.Cut(pair, "="); found == name && s.hasForm(strings.TrimSpace(value)) {
			return true
		}
	}
	return false
}

// parentDomains returns the possible domains of a cookie that reaches host, host itself
// first; none for an IP address.
func parentDomains(host string) []string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return nil
	}
	var domains []string
	for rest, more := host, true; more && strings.Contains(rest, "."); _, rest, more = strings.Cut(rest, ".") {
		domains = append(domains, rest)
	}
	return domains
}

// cookiePaths returns the possible paths, except /, of a cookie that reaches path (RFC 6265
// §5.1.4).
func cookiePaths(path string) []string {
	if strings.Contains(path, ";") { // the path of a cookie has none
		return nil
	}
	var paths []string
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			paths = append(paths, path[:i], path[:i+1])
		}
	}
	if !strings.HasSuffix(path, "/") {
		paths = append(paths, path)
	}
	return paths
}
