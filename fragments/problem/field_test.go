package problem_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"selvedge/fragments/problem"
)

// TestAWholeNumberIsReadAsABrowserSendsIt sends what <input type=number> takes
// for a whole number.
func TestAWholeNumberIsReadAsABrowserSendsIt(t *testing.T) {
	for text, want := range map[string]int{"10": 10, "1e1": 10, "1E+1": 10, "100e-1": 10, "2.0": 2, "2.50e1": 25, "-3.0": -3, ".1e1": 1, "007": 7} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader("quantity="+url.QueryEscape(text)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var in struct {
			Quantity int `json:"quantity"`
		}
		if err := problem.Decode(httptest.NewRecorder(), r, &in); err != nil || in.Quantity != want {
			t.Errorf("quantity %q = %d, %v; want %d", text, in.Quantity, err, want)
		}
	}
}
