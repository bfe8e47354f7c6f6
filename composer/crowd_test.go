package composer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// dice are thrown by several goroutines.
type dice struct {
	mu     sync.Mutex
	random *rand.Rand
}

func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.random.IntN(n)
}

func (d *dice) oneIn(n int) bool { return d.below(n) == 0 }

func (d *dice) upTo(t time.Duration) time.Duration { return time.Duration(d.below(int(t))) }

// whimsical answers in every way that an origin may: each document is of a
// version of its own, which its body repeats, and its ETag says how long it is.
type whimsical struct {
	dice         *dice
	limit        int  // near which the sizes are
	storable     bool // whatever it answers may be stored
	at, versions atomic.Int32
}

const versionText = "<%06d>"

func (o *whimsical) serve(w http.ResponseWriter, r *http.Request) {
	o.at.Add(1)
	defer o.at.Add(-1)
	have, d := r.Header.Get("If-None-Match"), o.dice
	if d.oneIn(12) {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if have != "" && d.oneIn(4) {
		set(w, "ETag: "+have)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	controls := []string{"max-age=60", "max-age=1", "max-age=1, stale-while-revalidate=5", "max-age=1, stale-if-error=100", "no-cache"}
	fields := []string{"Content-Length: ", "Vary: Accept-Language"}
	if !o.storable {
		controls, fields = append(controls, "private", "no-store"), append(fields, "Set-Cookie: a=b")
	}
	body := strings.Repeat(fmt.Sprintf(versionText, o.versions.Add(1)), 1+d.below(2*o.limit/8))
	set(w, "Cache-Control: "+controls[d.below(len(controls))], fmt.Sprintf(`ETag: "%.8s%d"`, body, len(body)))
	fields[0] += strconv.Itoa(len(body))
	for _, field := range fields {
		if d.oneIn(4) {
			set(w, field)
		}
	}
	breaks, apart := d.oneIn(10), 1+d.upTo(time.Second)*time.Duration(d.below(2))
	for len(body) > 0 && (!breaks || !d.oneIn(3)) {
		n := min(len(body), 1+d.below(o.limit/2))
		flushed(w, body[:n])
		body = body[n:]
		select {
		case <-time.After(apart):
		case <-r.Context().Done():
			return
		}
	}
	if len(body) > 0 {
		panic(http.ErrAbortHandler)
	}
}

// visitor takes its time, and may leave after some bytes.
type visitor struct {
	*recording
	ctx   context.Context
	leave func()
	pause time.Duration
	left  int
}

func (v *visitor) Write(p []byte) (int, error) {
	select {
	case <-time.After(v.pause):
	case <-v.ctx.Done():
		return 0, v.ctx.Err()
	}
	if v.left -= len(p); v.left < 0 {
		v.leave()
	}
	return v.recording.Write(p)
}

// A crowd of visitors asks for a few documents in every way that there is, while
// these change, break off, come slowly and are too large. Whoever stays has one
// version, whole, or learns that it is not; and nothing goes on when all have left.
//
// In every other crowd some are slow. Then all is what may be stored, for
// httputil writes what is handed on with a lock that its timer wants as well, and
// in a bubble no time passes for who waits for a lock.
func TestInACrowdEverybodyHasAWholeDocument(t *testing.T) {
	const crowds, visitors, limit = 10, 150, 40_000
	whole := 0
	ask := []string{
		"GET %s", "GET %s", "GET %s", "GET %s|Cache-Control: no-cache", "GET %s|Cache-Control: max-stale=100", "GET %s|Accept-Language: de",
		`GET %s|If-None-Match: "<000003>8"`, "HEAD %s",
	}
	hand := append(slices.Clone(ask), "GET %s|Range: bytes=3-10", "POST %s")
	for seed := range uint64(crowds) {
		slow, requests := seed%2 == 0, hand
		if slow {
			requests = ask
		}
		synctest.Test(t, func(t *testing.T) {
			d := &dice{random: rand.New(rand.NewPCG(seed, 0))}
			origin := &whimsical{dice: d, limit: limit, storable: slow}
			b := newBubble(t, composer.Options{ObeyRequestCacheControl: true, MaxFragment: limit, MaxInFlight: 3 + d.below(8), PageTimeout: 4 * time.Second, ActionTimeout: 4 * time.Second}, origin.serve)
			var all sync.WaitGroup
			var had atomic.Int32
			for range visitors {
				time.Sleep(d.upTo(time.Second / 10))
				ctx, leave := context.WithCancel(t.Context())
				v := &visitor{recording: newRecording(), ctx: ctx, leave: leave, left: d.below(20 * limit)}
				if slow && d.oneIn(4) {
					v.pause = d.upTo(2 * time.Second)
				}
				if d.oneIn(4) {
					time.AfterFunc(d.upTo(3*time.Second), leave)
				}
				request := fmt.Sprintf(requests[d.below(len(requests))], fmt.Sprintf("/x?%d", d.below(3)))
				all.Go(func() {
					defer leave()
					err := b.serve(ctx, v, request)
					if err != nil || ctx.Err() != nil || v.status != http.StatusOK || strings.HasPrefix(request, "HEAD") {
						return
					}
					had.Add(1)
					if tag, body := v.Header().Get("ETag"), v.body.String(); len(body) < 8 || tag != fmt.Sprintf(`"%.8s%d"`, body, len(body)) || body != strings.Repeat(body[:8], len(body)/8) {
						t.Errorf("seed %d: %s has %d bytes, %.20q; want all of %s", seed, request, len(body), body, tag)
					}
				})
			}
			all.Wait()
			time.Sleep(time.Minute)
			if n := origin.at.Load(); n != 0 {
				t.Errorf("seed %d: %d requests go on; want none", seed, n)
			}
			whole += int(had.Load())
		})
	}
	if whole < crowds*visitors/3 {
		t.Errorf("%d of %d visitors had a document; want more", whole, crowds*visitors)
	}
}
