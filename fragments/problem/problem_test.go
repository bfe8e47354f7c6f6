package problem_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments/problem"
)

var errSoldOut = errors.New("no seat is left")

func TestProblemIsAnError(t *testing.T) {
	err := error(&problem.Problem{Status: 409, Detail: "Try again.", Err: errSoldOut})
	if want := "Conflict: Try again.: no seat is left"; err.Error() != want {
		t.Errorf("Error() = %q; want %q", err, want)
	}
	if !errors.Is(err, errSoldOut) {
		t.Error("errors.Is does not find the cause")
	}
}

func TestJSON(t *testing.T) {
	tests := []struct {
		name string
		p    problem.Problem
		id   string
		want map[string]any
	}{
		{"all", problem.Problem{Status: 500, Title: "No", Detail: "Because.", Err: errSoldOut}, "r-17", map[string]any{
			"type": "about:blank", "title": "No", "status": 500.0, "detail": "Because.", "id": "r-17",
		}},
		{"a status alone", problem.Problem{Status: 409}, "", map[string]any{
			"type": "about:blank", "title": "Conflict", "status": 409.0,
		}},
		{"an unknown status", problem.Problem{Status: 499}, "", map[string]any{
			"type": "about:blank", "title": "Error", "status": 499.0,
		}},
		{"further members", problem.Problem{Status: 409, Detail: "Because.", Extra: map[string]any{"left": 0, "status": 200, "detail": "x"}}, "",
			map[string]any{"type": "about:blank", "title": "Conflict", "status": 409.0, "detail": "Because.", "left": 0.0}},
		{"members that are no JSON", problem.Problem{Status: 409, Extra: map[string]any{"done": make(chan bool), "left": 0}}, "",
			map[string]any{"type": "about:blank", "title": "Conflict", "status": 409.0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := test.p.JSON(test.id)
			var got map[string]any
			if err := json.Unmarshal(body, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
			if !strings.HasSuffix(string(body), "}\n") {
				t.Errorf("JSON = %q; want a line", body)
			}
		})
	}
}

func TestSection(t *testing.T) {
	p := problem.Problem{Status: 500, Title: "A <title>", Detail: "A <detail>", Err: errSoldOut}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(p.Section("r-17", "/products/4?x=1&y=2"))))
	if err != nil {
		t.Fatal(err)
	}
	section := doc.Find("section.problem")
	back, _ := section.Find("a").Attr("href")
	got := []string{section.Find("h1").Text(), section.Find("h1 + p").Text(), section.Find("code").Text(), back}
	if diff := cmp.Diff([]string{"A <title>", "A <detail>", "r-17", "/products/4?x=1&y=2"}, got); diff != "" {
		t.Errorf("section (-want +got):\n%s", diff)
	}
	if text := doc.Text(); strings.Contains(text, errSoldOut.Error()) {
		t.Errorf("section = %q; want no cause", text)
	}
	short := problem.Problem{Status: 400}
	if got := string(short.Section("", "/")); strings.Contains(got, "Error number") || strings.Count(got, "<p>") != 1 {
		t.Errorf("section of a status alone = %s; want a heading and a link", got)
	}
}

// TestHeadingHasNoTextsOfStatuses checks the problems without a title.
func TestHeadingHasNoTextsOfStatuses(t *testing.T) {
	for status, want := range map[int]string{
		400: "That did not work", 404: "Not found", 410: "Not found", 422: "That did not work", 500: "Something went wrong", 503: "Something went wrong",
	} {
		if got := (&problem.Problem{Status: status}).Heading(); got != want {
			t.Errorf("Heading of %d = %q; want %q", status, got, want)
		}
	}
}

func TestSetRetryAfter(t *testing.T) {
	for status, want := range map[int]string{503: "5", 500: "", 429: ""} {
		h := make(http.Header)
		if problem.SetRetryAfter(h, status); h.Get("Retry-After") != want {
			t.Errorf("Retry-After of %d = %q; want %q", status, h.Get("Retry-After"), want)
		}
	}
	h := http.Header{"Retry-After": {"60"}}
	if problem.SetRetryAfter(h, 503); h.Get("Retry-After") != "60" {
		t.Errorf("Retry-After = %q; want the value of the header, 60", h.Get("Retry-After"))
	}
}

func TestRequestID(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	if first, second := problem.RequestID(r), problem.RequestID(r); first == "" || first == second {
		t.Errorf("ids without a field = %q, %q; want two random ids", first, second)
	}
	r.Header.Set("X-Request-Id", "r-17")
	if got := problem.RequestID(r); got != "r-17" {
		t.Errorf("id = %q; want r-17", got)
	}
	long := strings.Repeat("x", 129)
	r.Header.Set("X-Request-Id", long)
	if got := problem.RequestID(r); got == long || got == "" {
		t.Errorf("id = %q; want a random id", got)
	}
}

func TestBack(t *testing.T) {
	for referer, want := range map[string]string{
		"http://shop.example/list?page=2":        "/list?page=2",
		"https://elsewhere.example/list":         "/list",
		"http://shop.example/api/cart":           "/api/cart",
		"http://shop.example/a%2Fb":              "/a%2Fb",
		"":                                       "/fallback",
		"http://shop.example":                    "/fallback",
		"http://shop.example//elsewhere.example": "/fallback",
		"//elsewhere.example":                    "/fallback",
		`http://shop.example/\elsewhere.example`: "/%5Celsewhere.example",
		"javascript:alert(1)":                    "/fallback",
		"about:blank":                            "/fallback",
		":":                                      "/fallback",
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Header.Set("Referer", referer)
		if got := problem.Back(r, "/fallback"); got != want {
			t.Errorf("Back from %q = %q; want %q", referer, got, want)
		}
	}
}
