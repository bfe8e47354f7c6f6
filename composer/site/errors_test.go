package site

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
	"selvedge/fragments"
)

const acceptPage = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// latePages returns the error pages of a site whose only fragment, late, answers after the
// time for a form is over.
func latePages(t *testing.T) *errorPages {
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
	s := &errorPages{
		composer: func() *composer.Composer { return c },
		template: func(*http.Request, int) string { return "" },
	}
	c, err := composer.New(registry, composer.Options{Error: s.fail})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return s
}

// lockedBuffer is a bytes.Buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// captureLog collects what is logged with the default logger until the test ends.
func captureLog(t *testing.T) *lockedBuffer {
	t.Helper()
	log, before := &lockedBuffer{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return log
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
				latePages(t).composer().Forward("late").ServeHTTP(w, r)
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
		s.composer().Forward("late").ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/late", nil))
		if got := log.String(); w.Code != 499 || got != "" {
			t.Errorf("answer = %d, log %q; want 499 and nothing logged", w.Code, got)
		}
	})
}
