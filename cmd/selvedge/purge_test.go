package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestAPurgeIsAPush purges in each way a fragment that an open page shows, and
// whose text has changed without a word.
func TestAPurgeIsAPush(t *testing.T) {
	b := startBadge(t)
	s := startShop(t, "--fragment", "cart="+b.URL, "--admin-token", adminToken)
	s.knows("1.0.0")
	page := s.stream(t, s.liveURL("/products"))
	for i, body := range []string{
		`{"urls":["/fragments/cart/mini"]}`,
		fmt.Sprintf(`{"urls":["%s/fragments/cart@^1.0/mini"]}`, s.url),
		`{"urls":["/fragments/cart/mini"],"soft":true}`,
		`{"prefix":"/fragments/cart/"}`,
		`{"prefix":"/"}`,
		`{"all":true}`,
		`{"all":true,"soft":true}`,
		`{"groups":["badge"],"soft":true}`,
	} {
		text := fmt.Sprintf("text %d", i)
		b.set(text)
		got := s.do(http.MethodPost, "/-/invalidate", body, "Content-Type", "application/json", "Authorization", "Bearer "+adminToken)
		if got.StatusCode != http.StatusOK || strings.Contains(got.body, `"dropped":0`) {
			t.Fatalf("POST /-/invalidate with %s = %d %s; want 200, and something dropped", body, got.StatusCode, got.body)
		}
		page.await("#cart-mini", text)
		s.page("/") // which stores the fragment for the next purge
	}
}
