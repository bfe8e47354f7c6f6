package hub_test

import (
	"net/http"
	"testing"

	"selvedge/hub"
)

func TestAPageCanAskWhetherItsConnectionIsAlive(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 1)
	p := s.dial(t, token(shown("a", 1)))
	p.write("ping")
	p.want("pong")
	s.change("a", 2)
	p.want(swapped("a", 2))
}

// TestAnswersOfTheHubSaySo tells them from those of a proxy or a login page.
func TestAnswersOfTheHubSaySo(t *testing.T) {
	s := start(t, hub.Options{Views: 1})
	s.set("a", 2)
	tests := []struct {
		name, token string
		status      int
		want        string
	}{
		{"news", token(shown("a", 1)), http.StatusOK, "open"},
		{"no news", token(shown("a", 2)), http.StatusNotModified, "open"},
		{"a token that is not accepted", "forged", http.StatusForbidden, "closed"},
		{"a token that has expired", "expired", http.StatusForbidden, "outdated"},
		{"a token of another session", "foreign", http.StatusForbidden, "outdated"},
		{"a limit", token(shown("a", 1), shown("b", 1)), http.StatusServiceUnavailable, "busy"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp := s.get(t.Context(), t, test.token, nil)
			if got := resp.Header.Get("Selvedge-Live"); resp.StatusCode != test.status || got != test.want {
				t.Errorf("poll = %d, Selvedge-Live: %q; want %d, %q", resp.StatusCode, got, test.status, test.want)
			}
			if test.status == http.StatusOK || test.status == http.StatusNotModified {
				return
			}
			resp = s.events(t.Context(), t, test.token)
			if got := resp.Header.Get("Selvedge-Live"); resp.StatusCode != test.status || got != test.want {
				t.Errorf("stream = %d, Selvedge-Live: %q; want %d, %q", resp.StatusCode, got, test.status, test.want)
			}
		})
	}
	if got := s.events(t.Context(), t, token()).Header.Get("Selvedge-Live"); got != "open" {
		t.Errorf("stream: Selvedge-Live: %q; want open", got)
	}
}
