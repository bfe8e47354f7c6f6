package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// originAllowed says whether the page that connects may do so: its origin is
// that of the request or on the list. A browser names the origin in every
// WebSocket handshake, and sends our cookies with it whoever asks; so a
// handshake with cookies and no origin is not believed. Other requests carry
// an origin only when they cross one, and cannot be read then.
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
		return true // as browsers write it
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
