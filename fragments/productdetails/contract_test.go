package productdetails_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/fragments/fragmentstest"
)

func TestTheContractIsKept(t *testing.T) {
	fragmentstest.Lint(t, newFragment(t, newStore(t), ""))
}

func TestOpenPagesAreSentTheStock(t *testing.T) {
	write := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "/api/products/1/stock", strings.NewReader(`{"stock":0}`))
	write.Header.Set("Content-Type", "application/json")
	write.Header.Set("Authorization", "Bearer "+token)
	frame := fragmentstest.Push(t, newFragment(t, newStore(t), token), "/products/1/stock", write)
	if !strings.Contains(frame, "Sold out") {
		t.Errorf("the open page is sent %s; want that the mug is sold out", frame)
	}
}
