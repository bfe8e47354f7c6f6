package main

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// liveURL returns the path by which a page connects.
func (s *testShop) liveURL(path string) string {
	s.t.Helper()
	live, ok := s.page(path).document(s.t).Find("body > #live:last-child").Attr("ws-connect")
	if !ok {
		s.t.Fatalf("%s has no element to connect with at its end", path)
	}
	return live
}

// stream is a page that listens to server-sent events.
type stream struct {
	t      *testing.T
	events *bufio.Scanner
}

func (s *testShop) stream(t *testing.T, live string) *stream {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+live, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	ctx, cancel := context.WithCancel(t.Context())
	res, err := s.client.Do(r.WithContext(ctx))
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = res.Body.Close()
	})
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("the stream is %d %s; want 200 text/event-stream", res.StatusCode, got)
	}
	return &stream{t, bufio.NewScanner(res.Body)}
}

// next returns the elements of the next event.
func (s *stream) next() *goquery.Document {
	s.t.Helper()
	var data strings.Builder
	for s.events.Scan() {
		line := s.events.Text()
		if text, ok := strings.CutPrefix(line, "data:"); ok {
			data.WriteString(text + "\n")
		}
		if line == "" && data.Len() > 0 {
			break
		}
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(data.String()))
	if err != nil || data.Len() == 0 {
		s.t.Fatalf("the stream ended: %v, %v", s.events.Err(), err)
	}
	return d
}

// await returns the first event in which an element reads as wanted. Events
// before it may bring what was late for the page.
func (s *stream) await(css, text string) *goquery.Document {
	s.t.Helper()
	for {
		d := s.next()
		found := d.Find(css)
		if strings.Contains(found.Text()+found.AttrOr("aria-label", ""), text) && found.Length() > 0 {
			return d
		}
	}
}

// TestAWriteReachesEveryOpenPageThatShowsWhatItChanged has one session add a
// product, and then the stock of it change for all.
func TestAWriteReachesEveryOpenPageThatShowsWhatItChanged(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	mine := s.stream(t, s.liveURL("/products/1"))
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	if d := mine.await("#cart-mini[hx-swap-oob]", "Cart, 2 pieces"); d.Find("#product").Length() != 0 {
		t.Error("the product was pushed with the badge, though nothing of it changed")
	}

	other := *s
	other.client = s.newClient()
	theirs := other.stream(t, other.liveURL("/products"))
	s.do(http.MethodPatch, "/api/products/1/stock", `{"stock":2}`, "Content-Type", "application/json", "Authorization", "Bearer "+adminToken)
	for name, page := range map[string]*stream{"the buyer's product page": mine, "another session's list": theirs} {
		d := page.await("#stock-1[hx-swap-oob] .stock", "Only 2 left")
		if n := d.Find("#productlist, #product").Length(); n != 0 {
			t.Errorf("%s is sent the whole of it for a sale", name)
		}
	}
}

func TestAPageThatWasRenderedBeforeAChangeIsSentIt(t *testing.T) {
	s := startShop(t)
	live := s.liveURL("/cart")
	if got := s.do(http.MethodGet, live, ""); got.StatusCode != http.StatusNotModified {
		t.Errorf("polling before a change is %d; want 304", got.StatusCode)
	}
	s.json(http.MethodPost, "/api/cart", `{"productId":3}`)
	got := s.do(http.MethodGet, live, "")
	d := got.document(t)
	if got.StatusCode != http.StatusOK || !strings.Contains(d.Find("#cart").Text(), "Loden wool blanket") || d.Find("#cart-mini").Length() != 1 {
		t.Errorf("polling after it is %d\n%s; want the cart and the badge", got.StatusCode, got.body)
	}
}

// TestAPageOutlivesTheServer restarts the server on the same data.
func TestAPageOutlivesTheServer(t *testing.T) {
	data := t.TempDir()
	first, process := startProcess(t, "serve", "--data", data)
	live := first.liveURL("/cart")
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	second := startShop(t, "--data", data)
	second.client = first.client
	second.client.Transport = second.newClient().Transport
	if got := second.do(http.MethodGet, live, ""); got.StatusCode != http.StatusOK || got.document(t).Find("#cart-mini").Length() != 1 {
		t.Errorf("polling after the restart is %d\n%s; want everything that the page shows", got.StatusCode, got.body)
	}
}

func TestATokenIsOfNoUseToOthers(t *testing.T) {
	s := startShop(t)
	live := s.liveURL("/cart")
	s.client = s.newClient()
	s.page("/")
	if got := s.do(http.MethodGet, live, ""); got.StatusCode != http.StatusForbidden {
		t.Errorf("another session polls with %d; want 403", got.StatusCode)
	}
	if got := s.do(http.MethodGet, "/live?page=forged", ""); got.StatusCode != http.StatusForbidden {
		t.Errorf("a forged token is %d; want 403", got.StatusCode)
	}
}

// TestAFragmentThatWasDownArrives has the cart in a process that is out of reach
// while its page is composed.
func TestAFragmentThatWasDownArrives(t *testing.T) {
	data := t.TempDir()
	alone, process := startProcess(t, "fragment", "cart", "--data", data)
	address := strings.TrimPrefix(alone.url, "http://")
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = process.Wait()
	s := startShop(t, "--data", data, "--fragment", "cart="+alone.url)
	live := s.liveURL("/products/1")
	page := s.stream(t, live)
	startProcessAt(t, address, "fragment", "cart", "--data", data)
	for {
		if page.next().Find("#cart-mini").Length() == 1 {
			return
		}
	}
}
