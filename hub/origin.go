package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// originAllowed reports whether the page may connect: its origin must be the
// request's own or listed in Options.Origins.
//   - WebSocket: a browser names the origin in every handshake, and sends the
//     site's cookies with it, even for a foreign page (cross-site WebSocket
//     hijacking). A handshake with cookies and without an origin is refused.
//   - Event streams and polls: a request without an origin is allowed, because
//     browsers send the field for cross-origin requests, and do not let the
//     foreign page read the response.
func (h *Hub) originAllowed(r *http.Request, t Transport) bool {
	header := r.Header.Get("Origin")
	if header == "" {
		return t != WebSocket || r.Header.Get("Cookie") == ""
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	if rest, ok := strings.CutPrefix(header, scheme+"://"); ok && rest == r.Host && rest != "" {
		return true // the form that browsers send
	}
	origin, err := parseOrigin(header)
	if err != nil {
		return false
	}
	own, err := parseOrigin(scheme + "://" + r.Host)
	return err == nil && origin == own || h.origins[origin]
}

// parseOrigin returns an origin (RFC 6454 §6.2) with its port and in lower
// case.
func parseOrigin(s string) (string, error) {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil {
		return "", fmt.Errorf("hub: origin %q: %w", s, err)
	}
	port := u.Port()
	switch {
	case u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("hub: origin %q is not scheme://host[:port]", s)
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "" && u.Scheme == "http":
		port = "80"
	case port == "":
		return "", fmt.Errorf("hub: origin %q has no port", s)
	}
	return u.Scheme + "://" + u.Hostname() + ":" + port, nil
}
