package fragments_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/fragments"
)

const longToken = "0123456789abcdef"

// checkToken returns the status of a request with the field Authorization, 200
// if it passes.
func checkToken(t *testing.T, a *fragments.AdminToken, authorization string) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
	r.Header.Set("Authorization", authorization)
	err := a.Check(httptest.NewRecorder(), r, "This")
	if err == nil {
		return http.StatusOK
	}
	var p *fragments.Problem
	if !errors.As(err, &p) {
		t.Fatalf("Check = %v; want a *Problem", err)
	}
	return p.Status
}

func TestAnAdminTokenIsLong(t *testing.T) {
	for token, ok := range map[string]bool{"": true, "secret": false, longToken[1:]: false, longToken: true} {
		if _, err := fragments.NewAdminToken(token); (err == nil) != ok {
			t.Errorf("NewAdminToken(%q) = %v; want it accepted: %t", token, err, ok)
		}
	}
}

func TestAnAdminTokenLetsPassWhoHasIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		none, _ := fragments.NewAdminToken("")
		one, _ := fragments.NewAdminToken(longToken)
		tests := []struct {
			name          string
			token         *fragments.AdminToken
			authorization string
			want          int
			takes         time.Duration
		}{
			{"the token", one, "Bearer " + longToken, 200, 0},
			{"the scheme in another case", one, "bearer  " + longToken, 200, 0},
			{"nothing", one, "", 401, 0},
			{"another scheme", one, "Basic " + longToken, 401, time.Second},
			{"a wrong token", one, "Bearer " + longToken + "0", 401, time.Second},
			{"the beginning of the token", one, "Bearer " + longToken[:15], 401, time.Second},
			{"nothing, where there is no token", none, "Bearer ", 403, 0},
			{"something, where there is no token", none, "Bearer " + longToken, 403, 0},
		}
		for _, test := range tests {
			begun := time.Now()
			if got := checkToken(t, test.token, test.authorization); got != test.want || time.Since(begun) != test.takes {
				t.Errorf("%s: %d after %v; want %d after %v", test.name, got, time.Since(begun), test.want, test.takes)
			}
		}
	})
}

func TestWrongAdminTokensAreSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, err := fragments.NewAdminToken(longToken)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if got := checkToken(t, a, "Bearer wrong"); got != 401 {
					t.Errorf("one of 16 wrong tokens: %d; want 401", got)
				}
			})
		}
		synctest.Wait()
		if got := checkToken(t, a, "Bearer wrong"); got != 429 {
			t.Errorf("one wrong token more: %d; want 429", got)
		}
		if got := checkToken(t, a, "Bearer "+longToken); got != 200 {
			t.Errorf("the right token meanwhile: %d; want it to pass", got)
		}
		all.Wait()
	})
}
