package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
	"selvedge/composer/server"
)

const token = "0123456789abcdef"

// newStore returns a composer with the fragment "news", whose response is stored and has
// the group "news".
func newStore(t *testing.T) *composer.Composer {
	t.Helper()
	registry := composer.NewRegistry()
	news := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, s-maxage=60")
		w.Header().Set("Cache-Groups", `"news"`)
		if r.Method == http.MethodPost {
			w.Header().Set("Cache-Group-Invalidation", `"news"`)
		}
		_, _ = io.WriteString(w, "<p>news</p>")
	})
	if err := registry.Add("news", "1.0.0", composer.Source{Handler: news}); err != nil {
		t.Fatal(err)
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// cacheStatus asks for the fragment, and returns Cache-Status.
func cacheStatus(t *testing.T, c *composer.Composer) string {
	t.Helper()
	w := httptest.NewRecorder()
	c.Fragment().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/fragments/news/", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("the fragment is answered %d %s", w.Code, w.Body)
	}
	return w.Header().Get("Cache-Status")
}

// post sends a body to a handler with the token.
func post(t *testing.T, h http.Handler, contentType, body string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/-/invalidate", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestInvalidation(t *testing.T) {
	c := newStore(t)
	bearer, err := server.NewBearerToken(token)
	if err != nil {
		t.Fatal(err)
	}
	h := &server.Invalidation{Composer: c, Authorize: bearer.Authorize}
	const json, form = "application/json", "application/x-www-form-urlencoded"
	tests := []struct {
		name, contentType, body string
		status                  int
		want                    string // in the answer
	}{
		{"groups", json, `{"groups":["news"]}`, 200, `{"groups":["news"],"dropped":1}`},
		{"groups in a form", form, "groups=news&groups=x", 200, `{"groups":["news","x"],"dropped":1}`},
		{"a group of no response", json, `{"groups":["x"]}`, 200, `"dropped":0`},
		{"an address", json, `{"urls":["/fragments/news/"]}`, 200, `{"groups":[],"dropped":1}`},
		{"a prefix in a form", form, "prefix=/fragments/&soft=true&all=", 200, `"dropped":1`},
		{"all", json, `{"all":true}`, 200, `"dropped":1`},
		{"nothing", json, `{"soft":true}`, 400, "Nothing is named"},
		{"no address", json, `{"urls":["news"]}`, 400, "This is no address"},
		{"an unknown field", json, `{"Groups":["news"]}`, 400, `There is no field \"Groups\"`},
		{"an unknown field in a form", form, "group=news", 400, `There is no field \"group\"`},
		{"a repeated field", json, `{"all":true,"all":false}`, 400, "more than once"},
		{"a repeated field in a form", form, "all=true&all=false", 400, "more than once"},
		{"no list", json, `{"groups":"news"}`, 422, `"field":"groups"`},
		{"neither yes nor no", form, "all=maybe", 422, "true or false"},
		{"no object", json, `["news"]`, 400, "not a JSON object"},
		{"broken JSON", json, `{"groups":`, 400, "not valid JSON"},
		{"two objects", json, `{"all":true}{}`, 400, "goes on"},
		{"a broken form", form, "all=%zz", 400, "not a valid form"},
		{"no UTF-8", json, "{\"prefix\":\"\xff\"}", 400, "UTF-8"},
		{"no UTF-8 in a form", form, "prefix=%ff", 400, "UTF-8"},
		{"a text", "text/plain", "news", 415, "application/json"},
		{"a large body", json, `{"prefix":"` + strings.Repeat("x", 64<<10) + `"}`, 413, "65536"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cacheStatus(t, c)
			w := post(t, h, test.contentType, test.body)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("answer = %d %v %s; want %d with %s", w.Code, w.Header(), w.Body, test.status, test.want)
			}
		})
	}
	if w := post(t, h, "", "", "Cache-Group-Invalidation", `"news"`); w.Code != http.StatusOK {
		t.Errorf("groups in the header: %d %s; want 200", w.Code, w.Body)
	}
	if w := post(t, h, json, `{"soft":true}`, "Accept", "text/html"); w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("a person gets %v; want a page", w.Header())
	}
}

func TestInvalidationNeedsAuthorization(t *testing.T) {
	c := newStore(t)
	if w := post(t, &server.Invalidation{Composer: c}, "application/json", `{"all":true}`); w.Code != http.StatusForbidden {
		t.Errorf("without Authorize: %d; want 403", w.Code)
	}
	w := httptest.NewRecorder()
	(&server.Invalidation{Composer: c}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/-/invalidate", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d %v; want 405 and Allow: POST", w.Code, w.Header())
	}
}

func TestInvalidateWrites(t *testing.T) {
	c := newStore(t)
	status := http.StatusOK
	h := server.InvalidateWrites(c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Group-Invalidation", `"news"`)
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(status)
	}))
	for _, test := range []struct {
		method  string
		status  int
		dropped bool
	}{{"POST", 200, true}, {"DELETE", 204, true}, {"POST", 303, true}, {"POST", 409, false}, {"GET", 200, false}} {
		cacheStatus(t, c)
		status = test.status
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), test.method, "/", nil))
		if hit := strings.Contains(cacheStatus(t, c), "hit"); hit == test.dropped {
			t.Errorf("%s with %d: stored afterwards %t; want %t", test.method, test.status, hit, !test.dropped)
		}
	}
}

func TestDropUnderscores(t *testing.T) {
	var dropped []string
	var got http.Header
	h := server.DropUnderscores(func(field string) { dropped = append(dropped, field) },
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header["X_forwarded_for"], r.Header["Accept"] = []string{"203.0.113.9"}, []string{"*/*"}
	h.ServeHTTP(httptest.NewRecorder(), r)
	if len(got) != 1 || len(dropped) != 1 || dropped[0] != "X_forwarded_for" {
		t.Errorf("header %v, dropped %v; want Accept alone", got, dropped)
	}
}

// authorize returns the status and the delay of a request with the field Authorization.
func authorize(t *testing.T, b *server.BearerToken, authorization string) (int, time.Duration) {
	t.Helper()
	begun := time.Now()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	r.Header.Set("Authorization", authorization)
	if err := b.Authorize(httptest.NewRecorder(), r); err != nil {
		return server.ProblemOf(err).Status, time.Since(begun)
	}
	return http.StatusOK, time.Since(begun)
}

func TestBearerToken(t *testing.T) {
	if _, err := server.NewBearerToken(token[1:]); err == nil {
		t.Error("a token of 15 bytes is accepted")
	}
	synctest.Test(t, func(t *testing.T) {
		b, err := server.NewBearerToken(token)
		if err != nil {
			t.Fatal(err)
		}
		for authorization, want := range map[string]struct {
			status int
			delay  time.Duration
		}{
			"Bearer " + token: {200, 0}, "bearer  " + token: {200, 0}, "": {401, 0}, "Basic " + token: {401, time.Second},
			"Bearer " + token + "0": {401, time.Second}, "Bearer " + token[:15]: {401, time.Second},
		} {
			if status, delay := authorize(t, b, authorization); status != want.status || delay != want.delay {
				t.Errorf("Authorization %q: %d after %v; want %d after %v", authorization, status, delay, want.status, want.delay)
			}
		}
		var waiting sync.WaitGroup
		for range 16 {
			waiting.Go(func() { authorize(t, b, "Bearer wrong") })
		}
		synctest.Wait()
		if status, _ := authorize(t, b, "Bearer wrong"); status != http.StatusTooManyRequests {
			t.Errorf("a wrong token beside 16: %d; want 429", status)
		}
		if status, delay := authorize(t, b, "Bearer "+token); status != http.StatusOK || delay != 0 {
			t.Errorf("the right token beside 16 wrong tokens: %d after %v; want 200 at once", status, delay)
		}
		waiting.Wait()
	})
}
