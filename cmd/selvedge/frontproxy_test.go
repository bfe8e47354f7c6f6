package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// frontProxy is a proxy that operators put in front of us, with a configuration
// of theirs.
type frontProxy struct {
	name    string
	program string // of the Debian package
	// webSockets says that it hands handshakes of WebSockets on.
	webSockets bool
	file       string // the name of its configuration
	config     string // LISTEN, PORT, UPSTREAM, UPSTREAMPORT and DIR stand for what differs from run to run
	args       []string
}

// The proxies of Debian. Each passes on what a visitor asks for and stores
// nothing, so that all answers are ours.
var (
	// nginxPlain is nginx with no more than proxy_pass: it asks by HTTP/1.0,
	// under the name of the upstream, and buffers.
	nginxPlain = frontProxy{
		name: "nginx with only proxy_pass", program: "nginx", file: "nginx.conf",
		config: nginxConfig(`location / { proxy_pass http://UPSTREAM; }`),
		args:   nginxArgs,
	}
	// nginxTuned is nginx as its documentation has it for WebSockets.
	nginxTuned = frontProxy{
		name: "nginx with HTTP/1.1", program: "nginx", file: "nginx.conf", webSockets: true,
		config: nginxConfig(`
			location / {
				proxy_pass http://UPSTREAM;
				proxy_http_version 1.1;
				proxy_set_header Host $http_host;
				proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
				proxy_set_header X-Forwarded-Proto $scheme;
				proxy_set_header Upgrade $http_upgrade;
				proxy_set_header Connection $connection_upgrade;
			}`),
		args: nginxArgs,
	}
	varnish = frontProxy{
		name: "Varnish", program: "varnishd", file: "default.vcl", webSockets: true,
		config: `vcl 4.1;
			backend default { .host = "UPSTREAMHOST"; .port = "UPSTREAMPORT"; }
			sub vcl_recv {
				if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); }
				return (pass);
			}
			sub vcl_pipe {
				if (req.http.Upgrade) { set bereq.http.Upgrade = req.http.Upgrade; set bereq.http.Connection = req.http.Connection; }
			}`,
		args: []string{
			"-F", "-j", "none", "-n", "DIR/n", "-a", "LISTEN", "-f", "FILE", "-s", "malloc,16m",
			"-p", "thread_pool_min=10", "-p", "thread_pools=1",
		},
	}
	haproxy = frontProxy{
		name: "HAProxy", program: "haproxy", file: "haproxy.cfg", webSockets: true,
		config: `
defaults
	mode http
	option forwardfor
	timeout connect 10s
	timeout client 60s
	timeout server 60s
	timeout tunnel 60s
frontend visitors
	bind LISTEN
	default_backend selvedge
backend selvedge
	server selvedge UPSTREAM
`,
		args: []string{"-db", "-f", "FILE"},
	}
	caddy = frontProxy{
		name: "Caddy", program: "caddy", file: "Caddyfile", webSockets: true,
		config: `
{
	admin off
	auto_https off
}
http://:PORT {
	bind LISTENHOST
	reverse_proxy UPSTREAM
}
`,
		args: []string{"run", "--config", "FILE", "--adapter", "caddyfile"},
	}
	// nghttpx speaks HTTP/2 without TLS, also after Upgrade: h2c.
	nghttpx = frontProxy{
		name: "nghttpx", program: "nghttpx", file: "nghttpx.conf",
		config: `
frontend=LISTENHOST,PORT;no-tls
backend=UPSTREAMHOST,UPSTREAMPORT
workers=1
errorlog-file=/dev/stderr
`,
		args: []string{"--conf=FILE"},
	}
)

var nginxArgs = []string{"-e", "DIR/error.log", "-c", "FILE"}

// nginxConfig returns a configuration of nginx with a part of its server block.
func nginxConfig(server string) string {
	return `
daemon off;
master_process off; # which would give its rights away
pid DIR/pid;
error_log stderr;
events { worker_connections 256; }
http {
	access_log off;
	client_max_body_size 0;
	client_body_temp_path DIR/body;
	fastcgi_temp_path DIR/fastcgi;
	proxy_temp_path DIR/proxy;
	scgi_temp_path DIR/scgi;
	uwsgi_temp_path DIR/uwsgi;
	map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
	server {
		listen LISTEN;
		` + server + `
	}
}
`
}

// start runs the proxy in front of a server, until the test ends, and returns
// its address. Without the program the test is skipped, or fails where the
// environment requires it.
func (p frontProxy) start(t testing.TB, upstream string) string {
	t.Helper()
	program := p.find(t)
	dir, err := os.MkdirTemp("", "front") // short enough for the name of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listen, file := freeAddress(), filepath.Join(dir, p.file)
	listenHost, listenPort, _ := net.SplitHostPort(listen)
	to := mustParse(t, upstream)
	settings := strings.NewReplacer(
		"LISTENHOST", listenHost, "LISTEN", listen, "UPSTREAMHOST", to.Hostname(), "UPSTREAMPORT", to.Port(),
		"UPSTREAM", to.Host, "PORT", listenPort, "DIR", dir, "FILE", file)
	if err := os.WriteFile(file, []byte(settings.Replace(p.config)), 0o600); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, arg := range p.args {
		args = append(args, settings.Replace(arg))
	}
	ctx, stop := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, program, args...)
	c.Dir, c.Env = dir, append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	log := &lockedBuffer{}
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	t.Cleanup(func() {
		stop()
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", p.name, log)
		}
	})
	eventually(t, p.name+" answers", func() bool {
		select {
		case <-ended:
			t.Fatalf("%s ended at once:\n%s", p.name, log)
		default:
		}
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listen)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return "http://" + listen
}

// find returns the path of the program. Debian has some of them where only the
// administrator looks.
func (p frontProxy) find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{p.program, "/usr/sbin/" + p.program} {
		if path, err := exec.LookPath(name); err == nil && runtime.GOOS == "linux" {
			return path
		}
	}
	const says = "this test needs %s, which is not installed; the task tools installs it"
	if os.Getenv("SELVEDGE_PROXY_TESTS") == "required" {
		t.Fatalf(says, p.program)
	}
	t.Skipf(says, p.program)
	return ""
}

// freeAddress returns an address of this machine at which nobody listens. Each
// is a host of its own in 127.0.0.0/8, which Linux has, with a port below those
// of outgoing connections: nobody else takes it before the proxy does.
func freeAddress() string {
	return fmt.Sprintf("127.%d.%d.%d:%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254), 10000+rand.IntN(20000))
}

// before returns a shop as a visitor sees it who comes through the proxy.
func (p frontProxy) before(t testing.TB, s *testShop) *testShop {
	t.Helper()
	return newShop(t, p.start(t, s.url), s.log)
}
