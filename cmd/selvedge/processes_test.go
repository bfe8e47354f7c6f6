package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheCartInAnotherProcess takes the cart from a process of its own that
// shares the data folder, then stops that process without ending it.
func TestTheCartInAnotherProcess(t *testing.T) {
	data := t.TempDir()
	alone, process := startProcess(t, "fragment", "cart", "--data", data)
	s := startShop(t, "--data", data, "--fragment", "cart="+alone.url)

	if added := s.post("/api/cart", "productId=1&quantity=2"); added.StatusCode != http.StatusSeeOther {
		t.Fatalf("adding: %d\n%s; want 303", added.StatusCode, added.body)
	}
	if got := s.page("/").document(t).Find("#cart-mini").AttrOr("aria-label", ""); !strings.Contains(got, "2") {
		t.Errorf("the badge says %q; want 2 pieces", got)
	}
	css, _ := s.page("/cart").document(t).Find("link[href^='/fragments/cart/assets/cart.']").Attr("href")
	if got := s.do(http.MethodGet, css, ""); got.StatusCode != http.StatusOK {
		t.Errorf("the styles of the cart at %q: %d; want 200", css, got.StatusCode)
	}

	freeze(t, process)
	page := s.page("/products")
	d := page.document(t)
	if page.StatusCode != http.StatusOK || d.Find("#productlist").Length() != 1 || !strings.HasSuffix(page.body, "</html>") {
		t.Errorf("with the cart stopped, the page is %d and not complete", page.StatusCode)
	}
	if d.Find("header a[href='/cart']").Length() != 1 || d.Find("#cart-mini[data-revision]").Length() != 0 {
		t.Errorf("with the cart stopped, its fallback does not stand in the header")
	}
	if got := s.page("/products/1"); got.StatusCode != http.StatusOK || got.document(t).Find("#product").Length() != 1 {
		t.Errorf("with the cart stopped, a product's page is %d", got.StatusCode)
	}
	thaw(t, process)
	if got := s.page("/cart").document(t).Find("main").Text(); !strings.Contains(got, "Café crème mug") {
		t.Errorf("with the cart going on, its page lacks what was put in:\n%s", got)
	}
}

func TestADeadProcessIsSaidInOneSentence(t *testing.T) {
	s := startShop(t, "--fragment", "cart=http://127.0.0.1:1")
	got := s.post("/api/cart", "productId=1")
	if got.StatusCode != http.StatusBadGateway || got.document(t).Find("main h1").Length() != 1 {
		t.Errorf("a person gets %d\n%s; want a page with 502", got.StatusCode, got.body)
	}
	if strings.Contains(got.body, "connection refused") {
		t.Errorf("the page shows the error itself")
	}
	if got := s.json(http.MethodGet, "/api/cart", ""); got.StatusCode != http.StatusBadGateway || !strings.Contains(got.body, `"id"`) {
		t.Errorf("a program gets %d %s; want a problem with 502 and an id", got.StatusCode, got.body)
	}
}

// TestTheVersionOfAnotherProcessIsLearned waits for what the shop logs once it
// knows.
func TestTheVersionOfAnotherProcessIsLearned(t *testing.T) {
	alone := startShop(t, "fragment", "cart")
	s := startShop(t, "--fragment", "cart="+alone.url)
	eventually(t, "the version is known", func() bool { return strings.Contains(s.log.String(), "version=1.0.0") })
	if got := s.do(http.MethodGet, "/fragments/cart@%5E1/mini", ""); got.StatusCode != http.StatusOK {
		t.Errorf("cart@^1 is %d %s; want 200", got.StatusCode, got.body)
	}
}

func TestAFragmentAlone(t *testing.T) {
	s := startShop(t, "fragment", "productdetails")
	bare := s.do(http.MethodGet, "/products/1", "")
	if bare.StatusCode != http.StatusOK || strings.Contains(bare.body, "<html") || bare.Header.Get("Vary") == "" {
		t.Errorf("curl gets %d, Vary %q:\n%s; want the bare fragment", bare.StatusCode, bare.Header.Get("Vary"), bare.body)
	}
	navigate := func(path string) answer {
		return s.do(http.MethodGet, path, "", "Accept", acceptPage, "Sec-Fetch-Dest", "document")
	}
	page := navigate("/products/1")
	d := page.document(t)
	if !strings.Contains(page.body, bare.body) || d.Find("head link[rel=stylesheet]").Length() == 0 {
		t.Errorf("a browser gets no page around the same fragment:\n%s", page.body)
	}
	if !strings.Contains(strings.Join(page.Header.Values("Vary"), ","), "Sec-Fetch-Dest") {
		t.Errorf("Vary %q; want Sec-Fetch-Dest in it", page.Header.Values("Vary"))
	}
	if d := navigate("/").document(t); d.Find("nav a[href='/products/1']").Length() != 1 || d.Find("h1").Length() != 1 {
		t.Errorf("the index has no link to a sample path")
	}
	if got := navigate("/products/99999"); got.StatusCode != http.StatusNotFound || got.document(t).Find("h1").Length() != 1 {
		t.Errorf("an unknown product is %d; want a page with 404", got.StatusCode)
	}
	if got := s.json(http.MethodGet, "/api/products/1", ""); got.StatusCode != http.StatusOK {
		t.Errorf("its REST answers %d; want 200", got.StatusCode)
	}
	var manifest struct{ Name, Version string }
	if err := json.Unmarshal([]byte(s.do(http.MethodGet, "/", "").body), &manifest); err != nil || manifest.Name != "productdetails" {
		t.Errorf("curl gets no manifest at /: %+v, %v", manifest, err)
	}
}

func TestEveryFragmentStandsAlone(t *testing.T) {
	for _, name := range []string{"shell", "productlist", "productdetails", "cart"} {
		s := startShop(t, "fragment", name)
		if got := s.do(http.MethodGet, "/", "", "Accept", acceptPage, "Sec-Fetch-Dest", "document"); got.StatusCode != http.StatusOK {
			t.Errorf("%s alone answers %d at /; want 200", name, got.StatusCode)
		}
		if got := s.do(http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusOK {
			t.Errorf("%s alone is not ready: %d", name, got.StatusCode)
		}
	}
}

func TestMistakesEndWithOneSentence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a port in use", []string{"--listen", taken.Addr().String(), "--data", ":memory:"}, 1, "address already in use"},
		{"a data folder that cannot be made", []string{"--listen", "127.0.0.1:0", "--data", filepath.Join(file, "data")}, 1, "data folder"},
		{"an unknown flag", []string{"--colour"}, 2, "--help"},
		{"an unknown flag of serve", []string{"serve", "--colour"}, 2, "--help"},
		{"an unknown command", []string{"sevre"}, 2, "sevre"},
		{"a flag that is no number", []string{"--products", "many"}, 2, "many"},
		{"a negative number of products", []string{"--products", "-1"}, 2, "--products"},
		{"a log format that does not exist", []string{"--log", "xml"}, 2, "xml"},
		{"a fragment without URL", []string{"--fragment", "cart"}, 2, "NAME=URL"},
		{"a fragment at no http URL", []string{"--fragment", "cart=ftp://127.0.0.1"}, 2, "ftp"},
		{"a fragment given twice", []string{"--fragment", "cart=http://127.0.0.1:1", "--fragment", "cart=http://127.0.0.1:2"}, 2, "twice"},
		{"a fragment that does not exist", []string{"fragment", "reviews", "--listen", "127.0.0.1:0", "--data", ":memory:"}, 2, "reviews"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stderr strings.Builder
			code := run(t.Context(), append([]string{"selvedge"}, test.args...), strings.NewReader(""), io.Discard, &stderr)
			last := stderr.String()[strings.LastIndex(strings.TrimSuffix(stderr.String(), "\n"), "\n")+1:]
			if code != test.code || !strings.HasPrefix(last, "selvedge: ") || !strings.Contains(last, test.want) {
				t.Errorf("exit code %d, stderr %q; want %d and a sentence with %q", code, stderr.String(), test.code, test.want)
			}
			if strings.Contains(stderr.String(), "goroutine ") {
				t.Errorf("stderr shows a stack:\n%s", stderr.String())
			}
		})
	}
}

func TestHelpNamesDefaultsAndEnvironment(t *testing.T) {
	var stdout strings.Builder
	if code := run(t.Context(), []string{"selvedge", "serve", "--help"}, strings.NewReader(""), &stdout, io.Discard); code != 0 {
		t.Fatalf("exit code %d; want 0", code)
	}
	for _, want := range []string{"--listen", "127.0.0.1:8080", "SELVEDGE_LISTEN", "SELVEDGE_DATA", "SELVEDGE_ADMIN_TOKEN", "--fragment", "SELVEDGE_PRODUCTS"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the help does not name %s:\n%s", want, stdout.String())
		}
	}
}

func TestTheEnvironmentConfigures(t *testing.T) {
	t.Setenv("SELVEDGE_ADMIN_TOKEN", adminToken)
	t.Setenv("SELVEDGE_PRODUCTS", "30")
	s := startShop(t)
	got := s.do(http.MethodPatch, "/api/products/30/stock", `{"stock":7}`, "Content-Type", "application/json",
		"Accept", "application/json", "Authorization", "Bearer "+adminToken)
	if got.StatusCode != http.StatusOK || !strings.Contains(got.Header.Get("Cache-Group-Invalidation"), `"product:30"`) {
		t.Errorf("%d, Cache-Group-Invalidation %q; want 200 and product:30", got.StatusCode, got.Header.Get("Cache-Group-Invalidation"))
	}
	if got := s.json(http.MethodGet, "/api/products/31", ""); got.StatusCode != http.StatusNotFound {
		t.Errorf("product 31 of 30 is %d; want 404", got.StatusCode)
	}
}

// TestStoppingFinishesRunningRequests has a checkout in flight, in a body that
// is not complete, when the process is told to stop.
func TestStoppingFinishesRunningRequests(t *testing.T) {
	s, process := startProcess(t, "serve", "--data", t.TempDir())
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	const body = `{"productId":1}`
	_, _ = fmt.Fprintf(c, "POST /api/cart HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
	buffer := make([]byte, 512)
	if n, err := c.Read(buffer); err != nil || !strings.HasPrefix(string(buffer[:n]), "HTTP/1.1 100") {
		t.Fatalf("the handler did not ask for the body: %q, %v", buffer[:n], err)
	}
	if err := process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server stops", func() bool { return strings.Contains(s.log.String(), "stopping") })
	_, _ = io.WriteString(c, body)
	answer, _ := io.ReadAll(c)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 201") {
		t.Errorf("the running request was answered with %q; want 201", answer)
	}
	state, err := process.Wait()
	if err == nil && state.ExitCode() != 0 {
		t.Errorf("exit code %d; want 0\n%s", state.ExitCode(), s.log)
	}
}

// eventually waits for something that another goroutine or process does.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}
