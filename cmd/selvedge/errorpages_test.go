package main

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
	"selvedge/composer/site"
	"selvedge/fragments"
)

// lateSite is a site whose only fragment, late, answers after the time for a
// form is over.
func latePages(t *testing.T) *site.ErrorPages {
	t.Helper()
	late := func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		fragments.Error(w, r, r.Context().Err())
	}
	registry := composer.NewRegistry()
	if err := registry.Add("late", "1.0.0", composer.Source{Handler: http.HandlerFunc(late)}); err != nil {
		t.Fatal(err)
	}
	var c *composer.Composer
	s := &site.ErrorPages{
		Composer:  func() *composer.Composer { return c },
		Template:  func(_ *http.Request, status int) string { return shopFrame(status) },
		ProblemOf: problemOf,
	}
	c, err := composer.New(registry, composer.Options{Error: s.Fail})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return s
}

func TestAFormWhoseTimeIsOverIsAnsweredAndLogged(t *testing.T) {
	for name, test := range map[string]struct{ accept, want string }{
		"a person":  {acceptPage, "<h1 id=\"problem-title\">This takes too long</h1>"},
		"a program": {"application/json", `"title":"This takes too long"`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := captureLog(t)
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/late", nil)
				r.Header.Set("Accept", test.accept)
				w := httptest.NewRecorder()
				latePages(t).Composer().Forward("late").ServeHTTP(w, r)
				if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), test.want) {
					t.Errorf("answer = %d %v %s; want 503, Retry-After and %s", w.Code, w.Header(), w.Body, test.want)
				}
				if isPage := strings.HasPrefix(w.Body.String(), "<!DOCTYPE html>"); isPage != (test.accept == acceptPage) {
					t.Errorf("%s gets a page: %t\n%s", name, isPage, w.Body)
				}
				if got := log.String(); !strings.Contains(got, "level=ERROR") || !strings.Contains(got, "path=/api/late") {
					t.Errorf("log = %q; want an error of the request", got)
				}
			})
		})
	}
}

func TestAFormWhoseClientIsGoneIsNoError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := captureLog(t)
		s := latePages(t)
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		w := httptest.NewRecorder()
		s.Composer().Forward("late").ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/late", nil))
		if got := log.String(); w.Code != 499 || got != "" {
			t.Errorf("answer = %d, log %q; want 499 and nothing logged", w.Code, got)
		}
	})
}

// TestAnErrorPageIsNotOlderThanTheShop looks at the Age of pages that are made
// for one request.
func TestAnErrorPageIsNotOlderThanTheShop(t *testing.T) {
	s := startShop(t)
	s.page("/") // the layout is stored
	tests := []struct {
		name   string
		answer answer
		want   int
	}{
		{"an address that leads nowhere", s.page("/nowhere"), http.StatusNotFound},
		{"a product that does not exist", s.page("/products/99999"), http.StatusNotFound},
		{"a method that is not allowed", s.post("/cart", ""), http.StatusMethodNotAllowed},
		{"a form that is refused", s.post("/api/checkout", "name=Ada"), http.StatusUnprocessableEntity},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			age := test.answer.Header.Get("Age")
			seconds, err := strconv.Atoi(cmp.Or(age, "0"))
			if err != nil || seconds > 60 || test.answer.StatusCode != test.want {
				t.Errorf("%d with Age: %s; want %d, and no more than a minute", test.answer.StatusCode, age, test.want)
			}
		})
	}
}

// TestAPageThatIsTheCartIsMissingWithoutIt has nobody answer for the cart.
func TestAPageThatIsTheCartIsMissingWithoutIt(t *testing.T) {
	s := startShop(t, "--fragment", "cart=http://127.0.0.1:1")
	for path, status := range map[string]int{"/cart": 503, "/orders/22222-22222-22222": 503, "/": 200, "/products": 200, "/products/1": 200} {
		a := s.page(path)
		if a.StatusCode != status {
			t.Errorf("GET %s = %d; want %d", path, a.StatusCode, status)
		}
		if status == 200 {
			continue
		}
		if got := a.Header.Get("Cache-Control"); got != "no-store" || a.Header.Get("Retry-After") == "" {
			t.Errorf("GET %s: Cache-Control %q, Retry-After %q; want no-store and a time", path, got, a.Header.Get("Retry-After"))
		}
		if doc := a.document(t); !strings.Contains(doc.Find("main").Text(), "cannot be shown at the moment") || doc.Find(".site-header nav a").Length() == 0 {
			t.Errorf("GET %s = %s; want a page that says what is missing", path, a.body)
		}
	}
}
