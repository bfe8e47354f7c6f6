package main

import (
	"net/http"
	"strings"
	"testing"

	"selvedge/cmd/selvedge/internal/shop/liveprotocol"
)

func TestTheSchemaIsPublished(t *testing.T) {
	s := startShop(t)
	const path = "/api/live/schema.json"
	got := s.do(http.MethodGet, path, "")
	if got.StatusCode != http.StatusOK || got.body != string(liveprotocol.Schema) {
		t.Errorf("%d, %d bytes; want 200 and the schema", got.StatusCode, len(got.body))
	}
	for name, want := range map[string]string{
		"Content-Type": "application/schema+json", "Cache-Control": "public, max-age=3600", "Set-Cookie": "",
	} {
		if value := got.Header.Get(name); value != want {
			t.Errorf("%s: %q; want %q", name, value, want)
		}
	}
	if again := s.do(http.MethodGet, path, "", "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same again: %d; want 304", again.StatusCode)
	}
	if head := s.do(http.MethodHead, path, ""); head.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %d; want 200", head.StatusCode)
	}
}

func TestTheSchemaRefusesWhatTheServerNeverSays(t *testing.T) {
	const good = `{"type":"INVENTORY_UPDATE","data":{"productId":1,"inStock":true,"stock":2},"version":3,"timestamp":4}`
	schema := messages(t, "server")
	if err := validate(schema, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"version":3`, `"version":0`}, {`,"version":3`, ``}, {`"timestamp":4`, `"timestamp":"4"`}, {`"stock":2`, `"stock":-1`},
		{`"stock":2`, `"stock":2,"left":2`}, {`INVENTORY_UPDATE`, `CART_UPDATE`}, {`INVENTORY_UPDATE`, `SUBSCRIBE`},
	} {
		if err := validate(schema, []byte(strings.Replace(good, change[0], change[1], 1))); err == nil {
			t.Errorf("with %s for %s the schema still accepts it", change[1], change[0])
		}
	}
}

func TestAConnectionIsAnUpgrade(t *testing.T) {
	if got := startShop(t).do(http.MethodGet, "/api/live", ""); got.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("GET /api/live without an upgrade: %d; want 426", got.StatusCode)
	}
}
