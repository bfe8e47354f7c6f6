package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/security"
)

// pair is a folder with a certificate for 127.0.0.1 and localhost, cert.pem, and its key,
// key.pem. The certificates written to it are all trusted by roots.
type pair struct {
	t      testing.TB
	folder string
	roots  *x509.CertPool
}

func newPair(t testing.TB) *pair {
	t.Helper()
	p := &pair{t, t.TempDir(), x509.NewCertPool()}
	p.renew(1)
	return p
}

func (p *pair) cert() string { return filepath.Join(p.folder, "cert.pem") }
func (p *pair) key() string  { return filepath.Join(p.folder, "key.pem") }

// flags returns the flags of a server with the pair.
func (p *pair) flags() []string { return []string{"--tls-cert", p.cert(), "--tls-key", p.key()} }

// renew writes another pair, whose certificate has a serial number.
func (p *pair) renew(serial int64) {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		p.t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		p.t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	p.roots.AppendCertsFromPEM(cert)
	p.write(p.cert(), cert)
	p.write(p.key(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

func (p *pair) write(name string, text []byte) {
	p.t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// serial returns the serial number of the certificate that a server has in a handshake.
func (p *pair) serial(s *testShop) int64 {
	p.t.Helper()
	c, err := tls.Dial("tcp", hostOf(s), &tls.Config{RootCAs: p.roots})
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// hostOf returns the host and port of a server.
func hostOf(s *testShop) string {
	_, host, _ := strings.Cut(s.url, "://")
	return host
}

// speaks has the client of a server trust a pair, and speak the protocols given.
func (s *testShop) speaks(p *pair, protocols ...func(*http.Protocols, bool)) *testShop {
	transport := &http.Transport{Protocols: &http.Protocols{}}
	for _, set := range protocols {
		set(transport.Protocols, true)
	}
	if p != nil {
		transport.TLSClientConfig = &tls.Config{RootCAs: p.roots}
	}
	s.t.Cleanup(transport.CloseIdleConnections)
	s.client.Transport = transport
	return s
}

var (
	http1 = (*http.Protocols).SetHTTP1
	http2 = (*http.Protocols).SetHTTP2
	h2c   = (*http.Protocols).SetUnencryptedHTTP2
)

// configure writes the configuration of a site with a page, and returns its file.
func (p *pair) configure(tls string) string {
	p.t.Helper()
	file := filepath.Join(p.folder, "site.yaml")
	p.write(filepath.Join(p.folder, "page.html"), []byte("hello"))
	p.write(file, []byte("listen: 127.0.0.1:0\nlog: text\npages: {/: page.html}\n"+tls))
	return file
}

// startSite serves a site whose configuration has the pair.
func startSite(t *testing.T, p *pair) *testShop {
	t.Helper()
	return startHere(t, "selvedge", "serve", "--config", p.configure("tls: {cert: cert.pem, key: key.pem}\n"))
}

// TestEveryServerHasTLS asks each server for a page, by the protocol that it chooses and by
// HTTP/1.1.
func TestEveryServerHasTLS(t *testing.T) {
	hello := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "hello by "+r.Header.Get("X-Forwarded-Proto"))
	}
	tests := []struct {
		name  string
		start func(t *testing.T, p *pair) *testShop
		path  string
	}{
		{"the shop", func(t *testing.T, p *pair) *testShop { return startShop(t, p.flags()...) }, "/products/1"},
		{"a fragment", func(t *testing.T, p *pair) *testShop {
			return startHere(t, append([]string{"selvedge", "fragment", "cart", "--data", ":memory:", "--listen", "127.0.0.1:0"}, p.flags()...)...)
		}, "/"},
		{"a proxy", func(t *testing.T, p *pair) *testShop { return startProxy(t, hello, p.flags()...) }, "/"},
		{"a site, with files beside its own", startSite, "/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPair(t)
			s := test.start(t, p)
			if !strings.HasPrefix(s.url, "https://127.0.0.1:") {
				t.Fatalf("the server prints %s; want an address of https", s.url)
			}
			for want, protocols := range map[string][]func(*http.Protocols, bool){"HTTP/2.0": {http1, http2}, "HTTP/1.1": {http1}} {
				page := s.speaks(p, protocols...).page(test.path)
				if page.StatusCode != http.StatusOK || page.Proto != want || page.Header.Get("Strict-Transport-Security") == "" && test.name != "a proxy" {
					t.Errorf("GET %s = %d by %s, %v; want 200 by %s, with HSTS", test.path, page.StatusCode, page.Proto, page.Header, want)
				}
				if test.name == "a proxy" && page.body != "hello by https" {
					t.Errorf("the origin is told %q; want https", page.body)
				}
			}
		})
	}
}

// TestASessionOverTLSIsSecure has sessions of the shop, whose fragments name the cookie, and
// of a site.
func TestASessionOverTLSIsSecure(t *testing.T) {
	p := newPair(t)
	s := startShop(t, p.flags()...).speaks(p, http1, http2)
	added := s.post("/api/cart", "productId=1&quantity=2")
	if set := added.Cookies(); added.StatusCode != http.StatusSeeOther || len(set) != 1 || !set[0].Secure || !set[0].HttpOnly {
		t.Fatalf("a product is put into a cart with %d and the cookies %v; want 303 and one, Secure", added.StatusCode, set)
	}
	if cart := s.page("/cart"); !strings.Contains(cart.body, "Café crème mug") {
		t.Error("the cart of the session is empty")
	}

	site := startSite(t, p).speaks(p, http1, http2)
	set := site.page("/").Cookies()
	if len(set) != 1 || set[0].Name != "__Host-selvedge-session" || !set[0].Secure || set[0].Path != "/" || set[0].Domain != "" {
		t.Errorf("the cookies are %v; want __Host-selvedge-session, Secure", set)
	}
	if again := site.page("/").Cookies(); len(again) != 0 {
		t.Errorf("the second request sets the cookies %v; want none", again)
	}
}

// TestWebSocketsOverTLS connects by wss, as a page and as a program do.
func TestWebSocketsOverTLS(t *testing.T) {
	p := newPair(t)
	s := startShop(t, append(p.flags(), "--admin-token", adminToken)...).speaks(p, http1)
	s.page("/")
	program := s.connect(t)
	program.wantCart()
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	program.wantCart("2 of product 1")
}

func TestARenewedCertificateIsTaken(t *testing.T) {
	p := newPair(t)
	s := startShop(t, p.flags()...)
	if got := p.serial(s); got != 1 {
		t.Fatalf("the certificate is %d; want 1", got)
	}
	p.renew(2)
	eventually(t, "the second certificate is served", func() bool { return p.serial(s) == 2 })

	p.write(p.key(), []byte("no key\n"))
	const broken = "the certificate was not changed"
	eventually(t, "the log has the broken pair", func() bool { return p.serial(s) == 2 && strings.Contains(s.log.String(), broken) })
	p.renew(3)
	eventually(t, "the third certificate is served", func() bool { return p.serial(s) == 3 })
	if log := s.log.String(); strings.Count(log, broken) != 1 || !strings.Contains(log, p.key()) {
		t.Errorf("the log has\n%s\nwant the broken pair once, with its file", log)
	}
}

// TestAReloadTakesAnotherCertificate names other files in a configuration.
func TestAReloadTakesAnotherCertificate(t *testing.T) {
	p, other := newPair(t), newPair(t)
	other.renew(7)
	s := startSite(t, p)
	p.serial(s)

	p.configure(fmt.Sprintf("tls: {cert: %q, key: %q}\n", other.cert(), other.key()))
	eventually(t, "the other certificate is served", func() bool {
		c, err := tls.Dial("tcp", hostOf(s), &tls.Config{RootCAs: other.roots})
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	p.configure("")
	eventually(t, "the end of TLS is refused", func() bool { return strings.Contains(s.log.String(), "tls cannot change while the site is served") })
	if got := other.serial(s); got != 7 {
		t.Errorf("the certificate is %d; want 7", got)
	}
}

func TestABrokenCertificateIsNoStart(t *testing.T) {
	p, other := newPair(t), newPair(t)
	p.write(filepath.Join(p.folder, "empty.pem"), nil)
	empty := filepath.Join(p.folder, "empty.pem")
	tests := []struct{ name, cert, key, want string }{
		{"no file", "/nowhere.pem", p.key(), "--tls-cert: /nowhere.pem: no such file or directory"},
		{"an empty certificate", empty, p.key(), "--tls-cert: " + empty + " with the key " + p.key()},
		{"an empty key", p.cert(), empty, "with the key " + empty},
		{"another's key", p.cert(), other.key(), "private key does not match public key"},
		{"no key", p.cert(), "", "tls has both cert and key, or neither"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, command := range [][]string{{"serve", "--data", ":memory:"}, {"proxy", "http://127.0.0.1:1"}} {
				args := append([]string{"selvedge"}, command...)
				args = append(args, "--listen", "127.0.0.1:0", "--tls-cert", test.cert, "--tls-key", test.key)
				var stderr strings.Builder
				if code := run(t.Context(), args, nil, io.Discard, &stderr); code != exitUsage || !strings.Contains(stderr.String(), test.want) {
					t.Errorf("%q ends with %d, %q; want %d, %q", args, code, stderr.String(), exitUsage, test.want)
				}
			}
		})
	}
}

func TestPlainHTTPIsRedirectedToHTTPS(t *testing.T) {
	p := newPair(t)
	s := startShop(t, p.flags()...)
	host := hostOf(s)
	tests := []struct {
		name, request string
		want          int
		location      string
	}{
		{"a page", "GET /products?q=mug HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 308, s.url + "/products?q=mug"},
		{"a name without a port", "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n", 308, "https://shop.example/"},
		{"HTTP/1.0", "GET / HTTP/1.0\r\nHost: shop.example\r\n\r\n", 308, "https://shop.example/"},
		{"HEAD", "HEAD /cart HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://a/cart"},
		{"a form", "POST /api/cart HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nproductId=1", 308, "https://a/api/cart"},
		{"a form that is large", "POST /api/cart HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n" + strings.Repeat("x", 50_000), 308, "https://a/api/cart"},
		{"a whole address", "GET http://a/b?c HTTP/1.1\r\nHost: other\r\n\r\n", 308, "https://a/b?c"},
		{"a whole address without a path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://a/"},
		{"a path that looks like a host", "GET //evil.example/x HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://a//evil.example/x"},
		{"an encoded line feed", "GET /%0d%0aSet-Cookie:%20a=b?%0a HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://a/%0d%0aSet-Cookie:%20a=b?%0a"},
		{"bytes above ASCII", "GET /ü?ü HTTP/1.1\r\nHost: a\r\n\r\n", 308, "https://a/%C3%BC?%C3%BC"},
		{"no Host", "GET / HTTP/1.1\r\n\r\n", 400, ""},
		{"an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, ""},
		{"a Host that is none", "GET / HTTP/1.1\r\nHost: a/b@evil\r\n\r\n", 400, ""},
		{"a Host with a carriage return", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400, ""},
		{"no path", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
		{"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, ""},
		{"HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, ""},
		{"no HTTP", "hello\r\n\r\n", 400, ""},
		{"a header that is too large", "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", 431, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := s.plain(test.request)
			if got.StatusCode != test.want || got.Header.Get("Location") != test.location || got.Header.Get("Set-Cookie") != "" {
				t.Errorf("answer = %d to %q, %v; want %d to %q", got.StatusCode, got.Header.Get("Location"), got.Header, test.want, test.location)
			}
			if !got.Close || got.Header.Get("Date") == "" {
				t.Errorf("answer = %v, which closes %t; want a Date, and the end of the connection", got.Header, got.Close)
			}
		})
	}
	if log := s.log.String(); strings.Contains(log, "level=WARN") || !strings.Contains(log, "sent plain HTTP") {
		t.Errorf("the log has\n%s\nwant redirected clients as no warnings", log)
	}

	s.speaks(p, http1, http2).client.CheckRedirect = nil
	followed, err := s.client.Get("http://" + host + "/products?q=mug")
	if err != nil {
		t.Fatal(err)
	}
	_ = followed.Body.Close()
	if followed.StatusCode != http.StatusOK || followed.Request.URL.String() != s.url+"/products?q=mug" {
		t.Errorf("a client ends with %d at %s; want 200 at %s", followed.StatusCode, followed.Request.URL, s.url)
	}
}

// plain writes bytes to the port of a server, and returns the response.
func (s *testShop) plain(request string) answer {
	s.t.Helper()
	c, err := net.Dial("tcp", hostOf(s))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, request); err != nil {
		s.t.Fatal(err)
	}
	method, _, _ := strings.Cut(request, " ")
	res, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(body)}
}

// TestSilentClientsKeepNobodyOut has 200 connections without a first byte, or with the first
// byte of a plain request.
func TestSilentClientsKeepNobodyOut(t *testing.T) {
	p := newPair(t)
	s := startShop(t, p.flags()...).speaks(p, http1, http2)
	for i := range 200 {
		c, err := net.Dial("tcp", hostOf(s))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if i%2 == 0 {
			_, _ = io.WriteString(c, "G")
		}
	}
	if page := s.page("/"); page.StatusCode != http.StatusOK {
		t.Errorf("GET / = %d; want 200", page.StatusCode)
	}
}

// TestATicketIsGoodForAllListeners connects again and again, as browsers do.
func TestATicketIsGoodForAllListeners(t *testing.T) {
	p := newPair(t)
	s := startShop(t, p.flags()...)
	config := &tls.Config{RootCAs: p.roots, ClientSessionCache: tls.NewLRUClientSessionCache(1)}
	for i := range 20 {
		c, err := tls.Dial("tcp", hostOf(s), config)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.ConnectionState().DidResume; got != (i > 0) {
			t.Errorf("connection %d resumes %t; want %t", i, got, i > 0)
		}
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		_, _ = io.Copy(io.Discard, c) // the ticket comes with the response
		_ = c.Close()
	}
}

// TestABrowserOverTLS shops over HTTP/2, and its open page is live by a WebSocket over TLS.
func TestABrowserOverTLS(t *testing.T) {
	s := startShop(t, newPair(t).flags()...)
	b := startBrowser(t, s.url)
	call(b, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
	b.open("/products/1")
	if got := evaluate[string](b, `performance.getEntriesByType("navigation")[0].nextHopProtocol`); got != "h2" {
		t.Errorf("the page came over %q; want h2", got)
	}
	b.beforeScripts(`addEventListener("selvedge:state", e => window.transport = e.detail.transport)`)
	b.open("/products/1")
	b.until("the page is live by a WebSocket", `window.transport == "ws"`)
	other := b.tab()
	call(other, security.SetIgnoreCertificateErrors, security.SetIgnoreCertificateErrorsParams{Ignore: true})
	other.open("/products/2")
	other.submit("#product button[name=productId]")
	b.sees("#cart-mini", "1")
}
