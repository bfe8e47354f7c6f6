package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
	"selvedge/composer/server"
)

const browser = "text/html,application/xhtml+xml,*/*;q=0.8"

// answerTo returns the response of error pages to an error.
func answerTo(t *testing.T, e server.ErrorPages, accept string, err error) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/products", nil)
	r.Header.Set("Accept", accept)
	r.Header.Set("X-Request-Id", "request-1")
	r.Header.Set("Referer", "https://elsewhere.example/list?page=2")
	w := httptest.NewRecorder()
	e.Error(w, r, err)
	return w
}

func TestErrorPagesAnswerByAccept(t *testing.T) {
	lost := &composer.VersionError{Name: "cart"}
	for accept, want := range map[string]string{
		browser:                              "text/html; charset=utf-8",
		"text/*, application/json;q=0.9":     "text/html; charset=utf-8",
		"application/json":                   "application/problem+json",
		"*/*":                                "application/problem+json",
		"":                                   "application/problem+json",
		"text/html;q=0.1, application/*;q=1": "application/problem+json",
	} {
		w := answerTo(t, server.ErrorPages{}, accept, lost)
		if got := w.Header().Get("Content-Type"); got != want || w.Code != http.StatusNotFound {
			t.Errorf("Accept %q: %d %s; want 404 %s", accept, w.Code, got, want)
		}
		if w.Header().Get("Vary") != "Accept" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("Accept %q: header %v; want Vary: Accept and no-store", accept, w.Header())
		}
	}
}

func TestErrorPagesHideTheErrorOfTheServer(t *testing.T) {
	secret := fmt.Errorf("dial 10.0.0.7: %w", context.DeadlineExceeded)
	for _, accept := range []string{browser, "application/json"} {
		var log strings.Builder
		e := server.ErrorPages{Logger: slog.New(slog.NewTextHandler(&log, nil))}
		w := answerTo(t, e, accept, secret)
		if body := w.Body.String(); w.Code != http.StatusGatewayTimeout || !strings.Contains(body, "request-1") || strings.Contains(body, "10.0.0.7") {
			t.Errorf("%s: %d %s; want 504 with the id, without the error", accept, w.Code, body)
		}
		if !strings.Contains(log.String(), "id=request-1") || !strings.Contains(log.String(), "10.0.0.7") {
			t.Errorf("log = %q; want the id and the error", log.String())
		}
	}
}

func TestErrorPagesShowAProblem(t *testing.T) {
	err := fmt.Errorf("checkout: %w", &server.Problem{Status: http.StatusConflict, Title: "Sold <out>", Detail: "Choose another size.",
		Extra: map[string]any{"left": 0, "status": 200}, Err: errors.New("row 7")})
	var got map[string]any
	if err := json.Unmarshal(answerTo(t, server.ErrorPages{}, "", err).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"type": "about:blank", "title": "Sold <out>", "status": 409.0, "detail": "Choose another size.", "left": 0.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	page := answerTo(t, server.ErrorPages{}, browser, err).Body.String()
	for _, want := range []string{"<!DOCTYPE html>", "Sold &lt;out&gt;", "Choose another size.", `href="/list?page=2">Back</a>`} {
		if !strings.Contains(page, want) {
			t.Errorf("page = %s; want %s in it", page, want)
		}
	}
	if strings.Contains(page, "row 7") || strings.Contains(page, "elsewhere.example") {
		t.Errorf("page = %s; want no cause and no other host", page)
	}
}

func TestErrorPagesShowWhatAFragmentSays(t *testing.T) {
	refused := &composer.RefusedError{Status: http.StatusUnprocessableEntity, Body: []byte("<p>choose a size</p>")}
	if w := answerTo(t, server.ErrorPages{}, browser, refused); w.Code != 422 || !strings.Contains(w.Body.String(), "<main><p>choose a size</p></main>") {
		t.Errorf("a person gets %d %s; want 422 and the words of the fragment", w.Code, w.Body)
	}
	var status int
	e := server.ErrorPages{Page: func(_ http.ResponseWriter, _ *http.Request, s int, _ []byte) { status = s }}
	if answerTo(t, e, browser, refused); status != 422 {
		t.Errorf("Page is called with %d; want 422", status)
	}
	if w := answerTo(t, server.ErrorPages{}, "", refused); w.Code != 422 || strings.Contains(w.Body.String(), "size") {
		t.Errorf("a program gets %d %s; want 422 without HTML", w.Code, w.Body)
	}
}

func TestErrorPagesSayWhenToTryAgain(t *testing.T) {
	for _, accept := range []string{browser, ""} {
		if w := answerTo(t, server.ErrorPages{Logger: slog.New(slog.DiscardHandler)}, accept, &server.Problem{Status: 503}); w.Header().Get("Retry-After") != "5" {
			t.Errorf("Accept %q: header %v; want Retry-After: 5", accept, w.Header())
		}
	}
}

func TestARefusedRequestGetsAnErrorPage(t *testing.T) {
	w := httptest.NewRecorder()
	check := server.RequestCheck{Hosts: []string{"shop.example"}}
	check.Handler(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://elsewhere.example/", nil))
	if w.Code != http.StatusMisdirectedRequest || !strings.Contains(w.Body.String(), "does not go by the name") {
		t.Errorf("answer = %d %s; want 421 and the reason", w.Code, w.Body)
	}
}
