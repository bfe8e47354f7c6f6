package lint

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Options are the options of [Source]. The zero value works.
type Options struct {
	// Client sends the requests. Its redirects are not followed. Default: a client with a
	// time limit of 10 seconds for each request.
	Client *http.Client

	// SessionCookie is the name of the cookie by which the source knows the session of a
	// visitor. Default: "selvedge-session", as of a site from a file.
	SessionCookie string
}

const (
	requestTimeout = 10 * time.Second
	sessionCookie  = "selvedge-session"
	maxBody        = 1 << 20 // bytes; a page includes no longer response
)

// Source returns the mistakes in the fragment that a server serves at an address. The
// address is
//
//   - that of the server, such as http://127.0.0.1:7001: Source reads the manifest, and
//     requests the samples of its GET paths, or without a manifest the root path;
//   - with a path, as http://127.0.0.1:7001/notes?page=2: Source requests this resource.
//
// Each resource is requested about 15 times, by ten visitors. All requests are GET and
// HEAD. The error is that of the first request without a response.
func Source(ctx context.Context, address string, o Options) ([]Finding, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a server; write it as http://127.0.0.1:7001", address)
	}
	s := &source{base: base, client: newClient(o.Client), cookie: o.SessionCookie}
	if s.cookie == "" {
		s.cookie = sessionCookie
	}
	if base.Path != "" && base.Path != "/" || base.RawQuery != "" {
		return s.checkResource(ctx, base)
	}
	samples, findings, err := s.readManifest(ctx)
	if err != nil {
		return nil, err
	}
	for _, sample := range samples {
		found, err := s.checkResource(ctx, sample)
		if err != nil {
			return findings, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// newClient returns a client that follows no redirect.
func newClient(given *http.Client) *http.Client {
	client := &http.Client{Timeout: requestTimeout}
	if given != nil {
		*client = *given
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

// source is a server of fragments.
type source struct {
	base   *url.URL
	client *http.Client
	cookie string // the name of the cookie of sessions
}

// answer is a response whose body has been read.
type answer struct {
	status int
	header http.Header
	body   []byte // with one byte more than maxBody, if it is longer
}

// request sends a request of a visitor, with pairs of header fields.
func (s *source) request(ctx context.Context, method string, address *url.URL, session string, fields ...string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, address.String(), nil)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("Surrogate-Capability", `selvedge="ESI/1.0"`)
	if session != "" {
		r.AddCookie(&http.Cookie{Name: s.cookie, Value: session})
	}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	res, err := s.client.Do(r)
	if err != nil {
		return answer{}, fmt.Errorf("%s does not answer: %w", s.base.Redacted(), err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if err != nil {
		return answer{}, fmt.Errorf("the response of %s is not complete: %w", address.Redacted(), err)
	}
	return answer{res.StatusCode, res.Header, body}, nil
}
