package composer_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// lockedLog is a log that a timer may write.
type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// failureLines returns what was logged of failed includes, a line each, and
// empties the log.
func failureLines(t *testing.T, log *lockedLog) []map[string]any {
	t.Helper()
	log.mu.Lock()
	defer log.mu.Unlock()
	var lines []map[string]any
	for line := range bytes.Lines(log.b.Bytes()) {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		if fields["msg"] == "include failed" {
			delete(fields, "time")
			delete(fields, "msg")
			delete(fields, "err")
			lines = append(lines, fields)
		}
	}
	log.b.Reset()
	return lines
}

func TestFailedIncludesAreLoggedOnceASecondWithACount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log lockedLog
		c := newComposer(t, composer.Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))}, fragments{
			"page": template(`<esi:include src="/fragments/cart/$(QUERY_STRING{part})"/>`),
			"cart": func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/gone" {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				w.WriteHeader(http.StatusInternalServerError)
			},
		}, nil)
		fail := func(part, id string) {
			r := request(t, http.MethodGet, "/products/42?part="+part)
			r.Header.Set("X-Request-Id", id)
			c.Page("page").ServeHTTP(newRecording(), r)
			synctest.Wait()
		}
		line := func(part, reason, id string, count float64, level string) map[string]any {
			return map[string]any{"level": level, "reference": "/fragments/cart/" + part, "source": "cart", "version": "1.0.0", "reason": reason,
				"count": count, "page": "/products/42", "id": id}
		}
		check := func(when string, want ...map[string]any) {
			t.Helper()
			synctest.Wait() // for what a timer writes
			if diff := cmp.Diff(want, failureLines(t, &log)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}

		fail("a", "1")
		fail("b", "2")
		fail("c", "3")
		check("at once", line("a", "status 500", "1", 1, "WARN"))
		fail("gone", "4")
		check("with another reason", line("gone", "status 404", "4", 1, "INFO"))
		time.Sleep(1100 * time.Millisecond)
		check("after a second", line("c", "status 500", "3", 2, "WARN"))
		time.Sleep(2 * time.Second)
		check("when no more fail")
		fail("d", "5")
		check("later", line("d", "status 500", "5", 1, "WARN"))
		fail("e", "6")
		c.Close()
		check("when the composer is closed", line("e", "status 500", "6", 1, "WARN"))
	})
}
