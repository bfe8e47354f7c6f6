package browser

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// markup shows a greater revision of a view ten times a second.
const markup = `<!doctype html>
<div id="view-3" data-revision="1"></div>
<script type="module">
	const view = document.getElementById("view-3");
	setInterval(() => view.dataset.revision++, 100);
</script>`

func TestATabReportsRevisions(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(markup))
	}))
	defer server.Close()
	tab, err := Open(t.Context(), server.URL)
	if errors.Is(err, ErrNotInstalled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	var revision int64
	for range 3 {
		select {
		case s := <-tab.Shown:
			if s.View != 3 || s.Revision <= revision || time.Since(s.At) > 10*time.Second {
				t.Errorf("sighting %+v after revision %d; want a greater one of view 3", s, revision)
			}
			revision = s.Revision
		case <-time.After(10 * time.Second):
			t.Fatal("no sighting in ten seconds")
		}
	}
}

func TestWithoutChromiumNothingIsOpened(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(t.Context(), "http://127.0.0.1:1/"); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("Open = %v; want %v", err, ErrNotInstalled)
	}
}
