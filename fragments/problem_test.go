package fragments_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/fragments"
)

// TestInputIsReadStrictly sends bodies to a handler that returns the error of Decode.
func TestInputIsReadStrictly(t *testing.T) {
	const json, form = "application/json", "application/x-www-form-urlencoded"
	tests := []struct {
		name, contentType, body string
		status                  int
		want                    string
	}{
		{"JSON", json, `{"quantity":3,"colors":["red"]}`, 200, "3 red"},
		{"a form", form, "_method=PATCH&quantity=3.0&colors=red&colors=blue", 200, "3 red,blue"},
		{"an unknown field", json, `{"Quantity":3}`, 400, `no field \"Quantity\"`},
		{"a body above the limit", form, "colors=" + strings.Repeat("x", fragments.MaxBody), 413, "65536 bytes"},
		{"a text", "text/plain", "3", 415, "application/json"},
		{"letters for a number", form, "quantity=abc", 422, `"field":"quantity"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log := captureLog(t)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/x", strings.NewReader(test.body))
			r.Header.Set("Content-Type", test.contentType)
			w := httptest.NewRecorder()
			order(w, r)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) || log.Len() > 0 {
				t.Errorf("answer = %d %s, log %q; want %d with %s and no log", w.Code, w.Body, log, test.status, test.want)
			}
		})
	}
}

// order answers with the fields of a request.
func order(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Quantity int      `json:"quantity"`
		Colors   []string `json:"colors"`
	}
	if err := fragments.Decode(w, r, &in); err != nil {
		fragments.Error(w, r, err)
		return
	}
	_, _ = fmt.Fprintf(w, "%d %s", in.Quantity, strings.Join(in.Colors, ","))
}

func TestUnmarshalReadsAMessage(t *testing.T) {
	var in struct {
		Type string `json:"type"`
	}
	if err := fragments.Unmarshal([]byte(`{"type":"SUBSCRIBE"}`), &in); err != nil || in.Type != "SUBSCRIBE" {
		t.Errorf("Unmarshal = %q, %v; want SUBSCRIBE", in.Type, err)
	}
	var p *fragments.Problem
	if err := fragments.Unmarshal([]byte(`{"Type":"SUBSCRIBE"}`), &in); !errors.As(err, &p) || p.Status != http.StatusBadRequest {
		t.Errorf("Unmarshal of an unknown member = %v; want a *Problem with 400", err)
	}
}
