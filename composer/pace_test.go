package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// stopwatch notes when a page begins.
type stopwatch struct {
	*httptest.ResponseRecorder
	started time.Time
	begun   time.Duration
}

func (w *stopwatch) WriteHeader(status int) {
	w.begun = time.Since(w.started)
	w.ResponseRecorder.WriteHeader(status)
}

// TestAPageThatIsSoonCompleteLeavesInOnePiece shows a page several times whose
// fragment takes some time. In a bubble nothing else takes any.
func TestAPageThatIsSoonCompleteLeavesInOnePiece(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name         string
		takes, begun []time.Duration // page by page
	}{
		{"the first page does not wait, the next ones do", []time.Duration{3 * ms, 3 * ms, 3 * ms}, []time.Duration{0, 3 * ms, 3 * ms}},
		{"a slow fragment keeps nothing back", []time.Duration{20 * ms, 20 * ms, 20 * ms}, []time.Duration{0, 0, 0}},
		{"one that becomes slow keeps a page back for a frame", []time.Duration{ms, time.Second, time.Second}, []time.Duration{0, 16 * ms, 0}},
		{"one that becomes fast is trusted after some pages", []time.Duration{20 * ms, ms, ms, ms}, []time.Duration{0, 0, ms, ms}},
		{"one slow page says little of the next", []time.Duration{ms, 20 * ms, ms}, []time.Duration{0, 16 * ms, ms}},
		{"one failure is forgotten", []time.Duration{ms, time.Minute, ms, ms, ms}, []time.Duration{0, 16 * ms, 0, ms, ms}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var takes atomic.Int64 // one that nobody waits for any more may still look
				c := newComposer(t, composer.Options{}, fragments{
					"page": with("Cache-Control: max-age=3600", template(`a<esi:include src="/fragments/part/x">none</esi:include>b`)),
					"part": func(w http.ResponseWriter, r *http.Request) {
						w.Header().Set("Cache-Control", "no-store")
						select {
						case <-time.After(time.Duration(takes.Load())):
						case <-r.Context().Done():
						}
						_, _ = io.WriteString(w, "part")
					},
				}, nil)
				c.Page("page").ServeHTTP(httptest.NewRecorder(), request(t, "GET", "/")) // which stores the template
				for i, want := range test.begun {
					takes.Store(int64(test.takes[i]))
					w := &stopwatch{httptest.NewRecorder(), time.Now(), 0}
					c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
					whole := w.Header().Get("Content-Length") != ""
					if w.begun != want || whole != (want == test.takes[i]) {
						t.Errorf("page %d begins after %v, whole %v: %q; want %v", i, w.begun, whole, w.Body, want)
					}
				}
			})
		})
	}
}

// TestALargePieceDoesNotStayOnItsWay has chunks of an include of which so much is
// kept back within a frame that it is written before the frame ends.
func TestALargePieceDoesNotStayOnItsWay(t *testing.T) {
	const large, small = 262_000, 500
	for _, chunks := range [][]int{{1, 1, large, small}, {1, 1, large + 10_000}} {
		synctest.Test(t, func(t *testing.T) {
			c := newComposer(t, composer.Options{}, fragments{
				"page": template(`<esi:include src="/fragments/part/x"/>`),
				"part": func(w http.ResponseWriter, _ *http.Request) {
					for _, size := range chunks {
						time.Sleep(5 * time.Millisecond)
						flushed(w, strings.Repeat("x", size))
					}
					time.Sleep(time.Second)
				},
			}, nil)
			w := &pieces{httptest.NewRecorder(), time.Now(), nil}
			c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
			left, want := 0, 0
			for _, piece := range w.left { // before the page is complete
				_, text, _ := strings.Cut(piece, " ")
				left += len(text)
			}
			for _, size := range chunks {
				want += size
			}
			if left != want {
				t.Errorf("of %v bytes %d have left before a pause; want %d", chunks, left, want)
			}
		})
	}
}

// TestHEADIsAnsweredWhenThePageIsWhole is that it says what a page costs and
// whether it fails, which the head of one that leaves in pieces cannot.
func TestHEADIsAnsweredWhenThePageIsWhole(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"a page", `abc<esi:include src="/fragments/slow/x">none</esi:include>`, "200, 7 bytes"},
		{"a page that breaks", `abc<esi:include src="/fragments/slow/x"/><esi:include src="/fragments/none/x"/>`, "502"},
		{"a large page", `<esi:include src="/fragments/large/x"/><esi:include src="/fragments/slow/x"/>`, "200, 1000004 bytes"},
		{"a large page that breaks", `<esi:include src="/fragments/large/x"/><esi:include src="/fragments/none/x"/>`, "502"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newComposer(t, composer.Options{}, fragments{
					"page": template(test.page), "none": status(404, ""),
					"large": func(w http.ResponseWriter, _ *http.Request) {
						time.Sleep(time.Second / 2)
						for range 10 {
							flushed(w, strings.Repeat("x", 100_000))
						}
					},
					"slow": func(w http.ResponseWriter, _ *http.Request) {
						time.Sleep(time.Second / 2)
						_, _ = io.WriteString(w, "slow")
					},
				}, nil)
				w := httptest.NewRecorder()
				c.Page("page").ServeHTTP(w, request(t, "HEAD", "/"))
				got := strconv.Itoa(w.Code)
				if w.Code == http.StatusOK {
					got += ", " + w.Header().Get("Content-Length") + " bytes"
				}
				if timing := w.Header().Get("Server-Timing"); got != test.want || w.Code == http.StatusOK && !strings.Contains(timing, "dur=500") {
					t.Errorf("HEAD = %s, with Server-Timing: %s; want %s, and that it took half a second", got, timing, test.want)
				}
			})
		})
	}
}

// pieces notes when what of a page leaves.
type pieces struct {
	*httptest.ResponseRecorder
	started time.Time
	left    []string
}

func (p *pieces) Flush() {
	p.left = append(p.left, fmt.Sprintf("%v %s", time.Since(p.started), p.Body))
	p.Body.Reset()
}

// TestAPieceOfAPageIsShownForAFrame has an include come chunk by chunk.
func TestAPieceOfAPageIsShownForAFrame(t *testing.T) {
	tests := []struct {
		name   string
		pauses []time.Duration // before each chunk, and before the end; in milliseconds
		want   []string
	}{
		{"chunks that come slowly leave at once", []time.Duration{20, 30, 1000, 20}, []string{"0s a", "20ms 0", "50ms 1", "1.05s 2", "1.07s b"}},
		{"those that come fast leave together", []time.Duration{20, 5, 5, 5, 5, 5, 20}, []string{"0s a", "20ms 0", "36ms 123", "52ms 45", "65ms b"}},
		{"what comes soon after the beginning waits", []time.Duration{3, 4, 100, 20}, []string{"0s a", "16ms 01", "107ms 2", "127ms b"}},
		{"what is complete does not", []time.Duration{3, 4, 5}, []string{"0s a", "12ms 01b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newComposer(t, composer.Options{}, fragments{
					"page": template(`a<esi:include src="/fragments/part/x"/>b`),
					"part": func(w http.ResponseWriter, _ *http.Request) {
						chunks, end := test.pauses[:len(test.pauses)-1], test.pauses[len(test.pauses)-1]
						for i, pause := range chunks {
							time.Sleep(pause * time.Millisecond)
							flushed(w, strconv.Itoa(i))
						}
						time.Sleep(end * time.Millisecond)
					},
				}, nil)
				w := &pieces{httptest.NewRecorder(), time.Now(), nil}
				c.Page("page").ServeHTTP(w, request(t, "GET", "/"))
				if w.Flush(); !slices.Equal(w.left, test.want) {
					t.Errorf("the page leaves as %q; want %q", w.left, test.want)
				}
			})
		})
	}
}
