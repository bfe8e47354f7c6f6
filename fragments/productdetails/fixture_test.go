package productdetails_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"selvedge/fragments"
	"selvedge/fragments/productdetails"
	"selvedge/store"
	"selvedge/store/sqlite"
)

// token opens the admin routes of fragments in tests.
const token = "correct horse battery"

// mug is a product whose name HTML has to escape.
var mug = store.Product{
	ID:          1,
	Name:        "Mug & <Saucer>",
	Summary:     "For the first coffee of the day.",
	Description: "Thrown on the wheel.\nGlazed twice.\n\n\n\nThe saucer is <flat>.\n",
	Category:    "kitchen",
	Price:       store.Euro(123450),
	Specs: []store.Spec{{Name: "Material", Value: "Stoneware"}, {Name: "Capacity", Value: "340 ml"},
		{Name: "Height", Value: "9.5 cm"}, {Name: "Weight", Value: "360 g"}, {Name: "Origin", Value: "Portugal"}},
	Pictures: []store.Picture{
		{Name: "mug.moss.stripe.1.front", Alt: "A mug on its saucer"},
		{Name: "mug.moss.stripe.1.detail", Alt: "The handle of the mug"},
	},
	Stock:   12,
	Version: 1,
	Added:   time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
}

// apron is sold out.
var apron = store.Product{ID: 2, Name: "Apron", Category: "kitchen", Price: store.Euro(4200), Specs: mug.Specs,
	Pictures: mug.Pictures, Version: 1, Added: mug.Added}

// newStore returns a store in memory with mug and apron.
func newStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.Fill(context.Background(), slices.Values([]store.Product{mug, apron})); err != nil {
		t.Fatal(err)
	}
	return s
}

// newFragment returns the fragment over a store.
func newFragment(t testing.TB, s productdetails.Store, adminToken string) *fragments.Fragment {
	t.Helper()
	var authorize func(http.ResponseWriter, *http.Request) error
	if adminToken != "" {
		authorize = func(w http.ResponseWriter, r *http.Request) error {
			if r.Header.Get("Authorization") != "Bearer "+adminToken {
				w.Header().Set("WWW-Authenticate", "Bearer")
				return &fragments.Problem{Status: http.StatusUnauthorized, Detail: "Send it as Authorization: Bearer TOKEN."}
			}
			return nil
		}
	}
	f, err := productdetails.New(s, authorize)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// send answers a request with pairs of header names and values.
func send(h http.Handler, method, url, body string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}
