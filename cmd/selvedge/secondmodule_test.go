package main

import (
	"bufio"
	"context"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"
)

// TestASecondModuleMakesALiveSite vets, builds and runs modules of somebody else, which
// import this one: with routes of their own, and with a configuration.
func TestASecondModuleMakesALiveSite(t *testing.T) {
	for _, module := range []string{"testdata/site", "testdata/embed"} {
		t.Run(module, func(t *testing.T) { isLiveSite(t, runSite(t, buildModule(t, module))) })
	}
}

// isLiveSite has somebody else press the button of a site, whose page is open.
func isLiveSite(t *testing.T, url string) {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	res, err := browser.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	page, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	address, _ := page.Find("#live").Attr("ws-connect")
	connection, _, err := websocket.Dial(t.Context(), url+address, &websocket.DialOptions{HTTPClient: browser, HTTPHeader: http.Header{"Origin": {url}}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.CloseNow() }()

	other, err := http.Post(url+"/likes", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = other.Body.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, message, err := connection.Read(ctx)
	if err != nil || !strings.Contains(string(message), "1 likes") {
		t.Errorf("the open page is sent %q, %v; want the number that somebody else has changed", message, err)
	}
}

// TestAFragmentOfASecondModuleStandsAlone vets, builds and runs a fragment of somebody
// else, which has its own assets and its own error. Then the shop takes it in.
func TestAFragmentOfASecondModuleStandsAlone(t *testing.T) {
	url := runSite(t, buildModule(t, "testdata/fragment"))
	s := startShop(t, "--fragment", "counter="+url)
	alone := newShop(t, url, new(lockedBuffer))
	for i := range 2 {
		if got := alone.post("/count", ""); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("the form %d: %d %s; want 303", i+1, got.StatusCode, got.body)
		}
	}
	refused := alone.do(http.MethodPost, "/count", "", "Accept", "application/json")
	if refused.StatusCode != http.StatusConflict || !strings.Contains(refused.body, `"detail":"It counts to 2."`) {
		t.Errorf("the third form: %d %s; want the words of the error", refused.StatusCode, refused.body)
	}
	for name, site := range map[string]*testShop{"alone": alone, "in the shop": s} {
		got := site.do(http.MethodGet, "/fragments/counter/count", "")
		if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "<button>2</button>") {
			t.Errorf("%s: %d %s; want the count", name, got.StatusCode, got.body)
		}
		style, _, _ := strings.Cut(strings.TrimPrefix(got.Header.Get("Link"), "<"), ">")
		css := site.do(http.MethodGet, style, "")
		if css.StatusCode != http.StatusOK || !strings.Contains(css.body, "teal") || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: the stylesheet %q is %d, %v; want it for a year", name, style, css.StatusCode, css.Header)
		}
	}
}

// buildModule vets and builds a module of somebody else, which imports this one, and
// returns the program.
func buildModule(t *testing.T, dir string) (program string) {
	t.Helper()
	work := t.TempDir()
	for from, to := range map[string]string{dir + "/go.mod": "go.mod", "../../go.sum": "go.sum"} {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(work, to), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program = filepath.Join(work, "program")
	for _, args := range [][]string{{"vet"}, {"build", "-o", program}} {
		args = append(args, "-mod=mod", "-modfile="+filepath.Join(work, "go.mod"), ".")
		command := exec.CommandContext(t.Context(), "go", args...)
		command.Dir = dir
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", args[0], err, out)
		}
	}
	return program
}

// runSite starts a program that prints where it listens, and returns that URL.
func runSite(t *testing.T, program string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, "127.0.0.1:0")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	line, _ := bufio.NewReader(out).ReadString('\n')
	_, url, ok := strings.Cut(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("it says %q; want where it listens", line)
	}
	return url
}
