package main

import (
	"net/http"
	"strings"
	"testing"
)

// TestAListThatWasDownIsStyledAndLive opens the list's page while the list's
// process is down, and starts it: the list arrives with its stylesheet, and the
// stock within it is kept true.
func TestAListThatWasDownIsStyledAndLive(t *testing.T) {
	data := t.TempDir()
	alone, process := startProcess(t, "fragment", "productlist", "--data", data)
	address := strings.TrimPrefix(alone.url, "http://")
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = process.Wait()
	s := startShop(t, "--data", data, "--fragment", "productlist="+alone.url, "--admin-token", adminToken)
	page := s.stream(t, s.liveURL("/products"))
	startProcessAt(t, address, "fragment", "productlist", "--data", data)
	list := page.next()
	for list.Find("#productlist").Length() == 0 {
		list = page.next()
	}
	css := list.Find("#live-styles[hx-swap-oob='beforeend:head'] link[rel=stylesheet][href*='productlist']").AttrOr("href", "")
	if got := s.do(http.MethodGet, css, ""); css == "" || got.StatusCode != http.StatusOK {
		t.Errorf("the list arrives with the stylesheet %q, which is %d; want one that is there", css, got.StatusCode)
	}
	s.sell("1", "2")
	page.await("#stock-1", "Only 2 left")
}
