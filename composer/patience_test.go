package composer_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// firstThen answers "one" the first time, and after that as told.
func firstThen(control string, then http.HandlerFunc) http.HandlerFunc {
	var asked atomic.Int32
	return with("Cache-Control: "+control, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			_, _ = io.WriteString(w, "one")
			return
		}
		then(w, r)
	})
}

// patience is the time for a document in these tests.
const patience = 4 * time.Second

// askTogether has ten visitors ask for one document at once.
func askTogether(t *testing.T, b *bubbled, status int, body string) {
	t.Helper()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if got := b.ask(t, "GET /x"); got.status != status || got.body != body {
				t.Errorf("answer = %d %q; want %d %q", got.status, got.body, status, body)
			}
		})
	}
	all.Wait()
	time.Sleep(time.Minute)
}

func TestASlowDocumentThatBreaksOffHasAStaleOneInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, composer.Options{PageTimeout: patience}, firstThen("max-age=1, stale-if-error=60", func(w http.ResponseWriter, r *http.Request) {
			inParts(3*time.Second, "tw", "o")(w, r)
			panic(http.ErrAbortHandler)
		}))
		b.ask(t, "GET /x")
		time.Sleep(2 * time.Second)
		if got := b.ask(t, "GET /x"); got.status != 200 || got.body != "one" || got.err != nil {
			t.Errorf("answer = %d %q, %v; want one, which is stale", got.status, got.body, got.err)
		}
		time.Sleep(time.Minute)
	})
}

func TestASlowRefreshIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, composer.Options{PageTimeout: patience}, firstThen("max-age=1, stale-while-revalidate=60", inParts(3*time.Second, "tw", "o")))
		b.ask(t, "GET /x")
		time.Sleep(2 * time.Second)
		if got := b.ask(t, "GET /x").body; got != "one" {
			t.Fatalf("answer = %q; want one, which is stale", got)
		}
		time.Sleep(3500 * time.Millisecond)
		began := time.Now()
		got := b.ask(t, "GET /x")
		if took := time.Since(began); took > 0 || got.body != "two" {
			t.Errorf("answer = %q (%s) after %v; want two at once", got.body, got.header.Get("Cache-Status"), took)
		}
		time.Sleep(time.Minute)
	})
}

func TestWhoWaitsForADocumentThatIsLateButInTimeHasIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, composer.Options{PageTimeout: patience}, with("Cache-Control: max-age=60", func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(2 * time.Second):
			case <-r.Context().Done():
				return
			}
			inParts(1500*time.Millisecond, "begin", "end")(w, r)
		}))
		askTogether(t, b, 200, "beginend")
	})
}

func TestALateAnswerForOneIs504(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, composer.Options{PageTimeout: patience, ObeyRequestCacheControl: true}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		for range 50 {
			if got := b.ask(t, "GET /x|Cache-Control: no-cache").status; got != 504 {
				t.Errorf("status = %d; want 504", got)
			}
			time.Sleep(10 * time.Second)
		}
	})
}

// A body without a length may be there with its header, and too large.
func TestWhatIsTooLargeIsNotKeptAlthoughItIsThereAtOnce(t *testing.T) {
	const large = 300
	tests := []struct {
		name, path, want string
		asked            int32
	}{
		{"a document passes", "/x", strings.Repeat("a", large), 2},
		{"a fragment fails", "/page", "no room", 4}, // the template is asked for each time
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				b := newBubble(t, composer.Options{MaxFragment: large / 3}, counting(&asked, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/page" {
						with(`Surrogate-Control: content="ESI/1.0"|Content-Type: text/html`, func(w http.ResponseWriter, _ *http.Request) {
							_, _ = io.WriteString(w, `<esi:include src="/x">no room</esi:include>`)
						})(w, r)
						return
					}
					c, rw, err := http.NewResponseController(w).Hijack()
					if err != nil {
						panic(err)
					}
					_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n" + strings.Repeat("a", large) + "\r\n0\r\n\r\n")
					_ = rw.Flush()
					_ = c.Close()
				}))
				for range 2 {
					if got := b.ask(t, "GET "+test.path); got.status != 200 || got.body != test.want {
						t.Errorf("answer = %d %q; want %q", got.status, got.body, test.want)
					}
					synctest.Wait()
				}
				if got := asked.Load(); got != test.asked {
					t.Errorf("the origin was asked %d times; want %d", got, test.asked)
				}
			})
		})
	}
}
