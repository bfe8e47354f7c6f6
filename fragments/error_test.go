package fragments_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments"
)

// captureLog collects what is logged until the test ends.
func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

// answerError returns the answer to a program's request that ended in err.
func answerError(err error) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	fragments.Error(w, httptest.NewRequestWithContext(context.Background(), "GET", "/api/x", nil), err)
	return w
}

// soldOut is an error of an application that says how it is answered.
type soldOut struct{}

func (soldOut) Error() string   { return "no seat is left" }
func (soldOut) HTTPStatus() int { return http.StatusConflict }
func (soldOut) Title() string   { return "Sold out" }
func (soldOut) Detail() string  { return "There is no seat left. Please choose another day." }

// full is such an error without a title.
type full struct{ error }

func (full) HTTPStatus() int { return http.StatusServiceUnavailable }
func (full) Detail() string  { return "Please try again in a moment." }

func TestAnErrorSaysItsTexts(t *testing.T) {
	captureLog(t)
	tests := []struct {
		name string
		err  error
		want map[string]any
	}{
		{"with a title", soldOut{}, map[string]any{
			"type": "about:blank", "title": "Sold out", "status": 409.0, "detail": "There is no seat left. Please choose another day.",
		}},
		{"without a title, and it is ours", full{errors.New("secret")}, map[string]any{
			"type": "about:blank", "title": "Service Unavailable", "status": 503.0, "detail": "Please try again in a moment.",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got map[string]any
			if err := json.Unmarshal(answerError(test.err).Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			delete(got, "id")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problem (-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorMapsErrorsToStatuses(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"one with a status", soldOut{}, 409},
		{"one with a status, wrapped", fmt.Errorf("reserve a seat: %w", soldOut{}), 409},
		{"a body that is too large", &http.MaxBytesError{Limit: 10}, 413},
		{"a problem", &fragments.Problem{Status: 418}, 418},
		{"a problem whose cause has a status", &fragments.Problem{Status: 418, Err: soldOut{}}, 418},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log := captureLog(t)
			w := answerError(test.err)
			if w.Code != test.want {
				t.Errorf("Error(%v) = %d; want %d", test.err, w.Code, test.want)
			}
			if log.Len() > 0 {
				t.Errorf("logged for an error of the client: %s", log)
			}
		})
	}
}

func TestErrorIsProblemDetails(t *testing.T) {
	w := answerError(&fragments.Problem{
		Status: 422, Title: "No", Detail: "Because.", Err: errors.New("secret"),
		Extra: map[string]any{"field": "quantity", "status": 200, "detail": "overwritten"},
	})
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"type": "about:blank", "title": "No", "status": 422.0, "detail": "Because.", "field": "quantity",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/problem+json", "Cache-Control": "no-store", "Vary": "Accept", "ETag": "",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s = %q; want %q", name, got, want)
		}
	}
}

func TestErrorOfOursIsLoggedAndNotShown(t *testing.T) {
	for _, accept := range []string{"application/json", "text/html"} {
		t.Run(accept, func(t *testing.T) {
			log := captureLog(t)
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/x", nil)
			r.Header.Set("Accept", accept)
			r.Header.Set("X-Request-Id", "r-17")
			w := httptest.NewRecorder()
			fragments.Error(w, r, errors.New("table carts is gone"))
			body := w.Body.String()
			if w.Header().Get("Selvedge-Error") != "" {
				t.Error("an error of ours claims to be written for a page")
			}
			if w.Code != 500 || !strings.Contains(body, "r-17") || strings.Contains(body, "carts") {
				t.Errorf("answer = %d %s; want 500 with the id and without the text", w.Code, body)
			}
			if !strings.Contains(log.String(), "table carts is gone") || !strings.Contains(log.String(), "r-17") {
				t.Errorf("log = %q; want the text and the id", log)
			}
		})
	}
}

func TestErrorMakesAnIDWhereNoneWasGiven(t *testing.T) {
	captureLog(t)
	var first, second struct{ ID string }
	for _, dst := range []any{&first, &second} {
		if err := json.Unmarshal(answerError(errors.New("x")).Body.Bytes(), dst); err != nil {
			t.Fatal(err)
		}
	}
	if first.ID == "" || first.ID == second.ID {
		t.Errorf("ids = %q, %q; want two different ones", first.ID, second.ID)
	}
}

func TestErrorIsQuietWhenTheClientIsGone(t *testing.T) {
	log := captureLog(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx, "GET", "/api/x", nil)
	fragments.Error(w, r, fmt.Errorf("read cart: %w", context.Canceled))
	if w.Code != 499 || log.Len() > 0 {
		t.Errorf("answer = %d, log %q; want 499 and nothing logged", w.Code, log)
	}
}

func TestErrorWhenTheTimeIsOverSaysSo(t *testing.T) {
	for _, accept := range []string{"application/json", "text/html"} {
		log := captureLog(t)
		ctx, cancel := context.WithTimeout(t.Context(), 0)
		defer cancel()
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(ctx, "POST", "/api/x", nil)
		r.Header.Set("Accept", accept)
		fragments.Error(w, r, fmt.Errorf("read cart: %w", context.DeadlineExceeded))
		if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Header().Get("Content-Type"), accept[:4]) {
			t.Errorf("%s: answer = %d %v; want 503 with Retry-After", accept, w.Code, w.Header())
		}
		if !strings.Contains(w.Body.String(), "too long") || !strings.Contains(log.String(), "ERROR") {
			t.Errorf("%s: body %s, log %q; want words and an error in the log", accept, w.Body, log)
		}
		if r.Header.Set("Accept", "text/html"); !strings.Contains(string(fragments.Explain(r, errors.New("x"))), "too long") {
			t.Errorf("%s: Explain is empty; want words", accept)
		}
	}
}

func TestErrorOfACanceledPartIsOurs(t *testing.T) {
	log := captureLog(t)
	if w := answerError(context.Canceled); w.Code != 500 || log.Len() == 0 {
		t.Errorf("answer = %d, log %q; want 500, logged, because the client is still there", w.Code, log)
	}
}

func TestErrorIsASectionForAPerson(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/cart", nil)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Referer", "http://shop.example/products/4?x=1")
	w := httptest.NewRecorder()
	p := &fragments.Problem{Status: 422, Title: "A <title>", Detail: "A <detail>"}
	fragments.Error(w, r, p)
	answer := w.Body.String()
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	section := doc.Find("section.problem")
	back, _ := section.Find("a").Attr("href")
	got := []string{section.Find("h1").Text(), section.Find("h1 + p").Text(), back}
	if diff := cmp.Diff([]string{"A <title>", "A <detail>", "/products/4?x=1"}, got); diff != "" {
		t.Errorf("section (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{"Vary": "Accept", "Selvedge-Error": "show"} {
		if got := w.Header().Get(name); w.Code != 422 || got != want {
			t.Errorf("answer = %d, %s %q; want 422, %q", w.Code, name, got, want)
		}
	}
	if explained := string(fragments.Explain(r, p)); explained != answer {
		t.Errorf("Explain = %s; want the answer's body, %s", explained, answer)
	}
}

// TestPeopleAreNotToldTheTextsOfStatuses answers people with problems that have
// no title, on a page and in the background.
func TestPeopleAreNotToldTheTextsOfStatuses(t *testing.T) {
	captureLog(t)
	for status := 400; status < 600; status++ {
		text := http.StatusText(status)
		if text == "" {
			continue
		}
		for name, header := range map[string]string{"on a page": "", "in the background": "true"} {
			for _, detail := range []string{"", "The quantity is missing."} {
				r := httptest.NewRequestWithContext(t.Context(), "POST", "/x", nil)
				r.Header.Set("Accept", "text/html")
				r.Header.Set("HX-Request", header)
				w := httptest.NewRecorder()
				fragments.Error(w, r, &fragments.Problem{Status: status, Detail: detail})
				if got := w.Body.String(); strings.Contains(got, text) || !strings.Contains(got, detail) {
					t.Errorf("%d %s is said as %s; want %q without the words %q", status, name, got, detail, text)
				}
			}
		}
	}
}

func TestSwapErrorMakesANoticeOfWhatAFragmentWrote(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/x", nil)
	tests := []struct{ name, body, want string }{
		{"HTML", "<p>Too short.</p>", `<div id="notice" hx-swap-oob="innerHTML"><p>Too short.</p></div>`},
		{"text", "Too short.", `<div id="notice" hx-swap-oob="innerHTML">Too short.</div>`},
		{"what says how it is swapped", `<p id="a" hx-swap-oob="true">b</p>`, `<p id="a" hx-swap-oob="true">b</p>`},
	}
	for _, test := range tests {
		w := httptest.NewRecorder()
		if err := fragments.SwapError(w, r, 422, []byte(test.body)); err != nil {
			t.Fatal(err)
		}
		if w.Code != 422 || w.Body.String() != test.want {
			t.Errorf("%s = %d %s; want 422 %s", test.name, w.Code, w.Body, test.want)
		}
	}
}
