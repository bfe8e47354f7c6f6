// Package healthcheck asks a server of this program for its readiness, for containers whose
// image has no HTTP client.
package healthcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Path is the path of a server's readiness.
const Path = "/-/readyz"

// maxBody limits the body of an answer, in bytes.
const maxBody = 4 << 10

// ErrNoPort is the error of a listen address with port 0: the system has chosen the port.
var ErrNoPort = errors.New("port 0 does not tell the port of the server: name its URL")

// A Server is the place of a server.
type Server struct {
	network, address string // to dial; empty: those of the URL
	url              string // of the question
}

// Listening returns the server at a listen address of this machine, as host:port or unix:PATH.
func Listening(address string) (Server, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return Server{"unix", path, "http://localhost" + Path}, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return Server{}, fmt.Errorf("%q is no address to listen on, as host:port or unix:PATH: %w", address, err)
	}
	if port == "0" {
		return Server{}, ErrNoPort
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return Server{"tcp", address, "http://" + net.JoinHostPort(host, port) + Path}, nil
}

// At returns the server of a URL of http or https, or of unix:PATH. A URL without a path is
// asked at Path.
func At(target string) (Server, error) {
	if strings.HasPrefix(target, "unix:") {
		return Listening(target)
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return Server{}, fmt.Errorf("%q is no URL of a server, as in http://127.0.0.1:8080 or unix:/run/selvedge/socket", target)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = Path
	}
	return Server{url: u.String()}, nil
}

// String returns the address of the question, for people.
func (s Server) String() string {
	if s.network == "unix" {
		return "unix:" + s.address
	}
	return s.url
}

// Ready returns nil for a ready server, or else the reason. The certificate of a server of
// this machine is not verified, because a certificate is for the name of a site and not for
// an address, and the request has no secret.
func (s Server) Ready(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "selvedge-healthcheck")
	answer, err := (&http.Client{Transport: s.transport()}).Do(r)
	if err != nil {
		var asking *url.Error
		if errors.As(err, &asking) {
			err = asking.Err
		}
		return fmt.Errorf("%s does not answer: %w", s, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	switch {
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("%s answers %s, and not 200 OK: %.80q", s, answer.Status, strings.TrimSpace(string(body)))
	case err != nil:
		return fmt.Errorf("%s breaks off its answer: %w", s, err)
	}
	return nil
}

// transport returns a transport without a proxy. With a listen address, all connections go to
// the address, those after a redirect from http to https too.
func (s Server) transport() *http.Transport {
	t := &http.Transport{DisableKeepAlives: true}
	if s.network != "" {
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, s.network, s.address)
		}
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see Ready
	}
	return t
}
