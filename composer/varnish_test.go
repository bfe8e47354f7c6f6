package composer_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"selvedge/composer"
)

// Of what both of us read, pages are those of Varnish, byte for byte: includes,
// remove, comment and <!--esi -->, in random templates, nested.
func TestPagesAreThoseOfVarnish(t *testing.T) {
	const pages = 400
	origin := func(w http.ResponseWriter, r *http.Request) {
		seed, depth, _ := strings.Cut(r.URL.RawQuery, ".")
		n, _ := strconv.ParseUint(seed, 10, 64)
		level, _ := strconv.Atoi(depth)
		g := &grammar{rand.New(rand.NewPCG(n, uint64(level))), level}
		template(g.page())(w, r)
	}
	varnish := startVarnish(t, remote(t, origin))
	ours := newProxy(t, composer.Options{PageTimeout: patient.PageTimeout, MaxWait: patient.MaxWait}, origin)
	for seed := range pages {
		target := fmt.Sprintf("/page?%d.0", seed)
		got, want := ours.get(t, target), varnish(t, target)
		if got.status != want.status || got.body != want.body {
			g := &grammar{rand.New(rand.NewPCG(uint64(seed), 0)), 0}
			t.Fatalf("page %q\nis      %d %q\nVarnish %d %q", g.page(), got.status, got.body, want.status, want.body)
		}
	}
}

// grammar writes random templates.
type grammar struct {
	*rand.Rand
	level int // of the template in others
}

func (g *grammar) page() string {
	var b strings.Builder
	for range 1 + g.IntN(12) {
		b.WriteString(g.piece(true))
	}
	return b.String()
}

// piece is text, or an element; only outside of a comment may it be <!--esi.
func (g *grammar) piece(outside bool) string {
	switch g.IntN(8) {
	case 0:
		if g.level < 3 {
			return fmt.Sprintf([]string{`<esi:include src="/part?%d.%d"/>`, `<esi:include src='/part?%d.%d' />`, "<esi:include\n\tsrc=\"/part?%d.%d\"  />"}[g.IntN(3)], g.IntN(1000), g.level+1)
		}
	case 1:
		return "<esi:remove>" + g.text() + g.piece(false) + "</esi:remove>"
	case 2:
		return `<esi:comment text="` + strings.Map(nameable, g.word()) + `"/>`
	case 3:
		if outside {
			return "<!--esi " + g.piece(false) + g.text() + g.piece(false) + "-->"
		}
	case 4:
		if outside {
			return "<!-- " + g.text() + " -->"
		}
	}
	return g.text()
}

// nameable leaves out what could end an attribute or a tag.
func nameable(r rune) rune {
	if strings.ContainsRune(`"'<>`, r) {
		return -1
	}
	return r
}

func (g *grammar) text() string {
	var b strings.Builder
	for range g.IntN(5) {
		b.WriteString(g.word())
	}
	return b.String()
}

func (g *grammar) word() string {
	words := []string{"a", "text ", "\n", "&lt;", "é", "<p>", "</p>", `<a href="x?y&amp;z">`, "<br/>", "$(HTTP_HOST)", "'", "]]>", "<e>", "</esi"}
	if word := words[g.IntN(len(words))]; word != "</esi" {
		return word
	}
	return "esi:"
}

// startVarnish runs a varnishd before an origin, and returns how to ask it.
func startVarnish(t *testing.T, origin *url.URL) func(t *testing.T, target string) answer {
	t.Helper()
	program, err := findVarnish()
	if err != nil && os.Getenv("SELVEDGE_VARNISH_TESTS") == "required" {
		t.Fatalf("this test needs varnishd: %v", err)
	} else if err != nil {
		t.Skipf("this test needs varnishd: %v", err)
	}
	dir, err := os.MkdirTemp("", "varnish") // short enough for the name of a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket, config := filepath.Join(dir, "s"), filepath.Join(dir, "vcl")
	if err := os.WriteFile(config, fmt.Appendf(nil, vcl, origin.Hostname(), origin.Port()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, program, "-F", "-j", "none", "-n", filepath.Join(dir, "n"), "-a", socket, "-f", config, "-s", "malloc,16m",
		"-p", "feature=+esi_disable_xml_check", "-p", "thread_pool_min=10", "-p", "thread_pools=1")
	said, err := run.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = run.Wait() })
	started, lines := false, bufio.NewScanner(said)
	for !started && lines.Scan() {
		started = strings.Contains(lines.Text(), "Child starts")
		t.Log(lines.Text())
	}
	if !started {
		t.Fatal("varnishd did not start")
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	t.Cleanup(client.CloseIdleConnections)
	return func(t *testing.T, target string) answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://varnish.example"+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		return ask(t, client, r)
	}
}

const vcl = `vcl 4.1;
backend default { .host = "%s"; .port = "%s"; }
sub vcl_recv { return (pass); }
sub vcl_backend_response { set beresp.do_esi = true; }
`

func findVarnish() (string, error) {
	if path, err := exec.LookPath("varnishd"); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/varnishd")
}
