package breaker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// protect returns the protection of a fragment that has a second to answer.
func protect(inFlight int) *Guard {
	return New(Options{Name: "cart", Fragment: true, InFlight: inFlight, MinWait: time.Second, Logger: slog.New(slog.DiscardHandler), Reason: error.Error, Unwanted: func(error) bool { return false }})
}

// someRequest is for one route, and of no client.
var someRequest = Request{Method: "GET", Target: "/mini"}

// errLost is the loss of a connection.
var errLost = io.ErrUnexpectedEOF

// state is that of the route of someRequest: "closed", "open", or "half-open"
// while a dead one is asked whether it is back.
func (p *Guard) state() string {
	if own := p.routes.find(someRequest.Method, someRequest.Target); own != nil {
		return own.policy.State().String()
	}
	return "closed"
}

// ask lets a source answer a request, unless its protection refuses it. A
// status of 0 is a failure before the answer.
func (p *Guard) ask(ctx context.Context, source func(context.Context) (status int)) error {
	passage, err := p.Acquire(ctx, someRequest)
	if err != nil {
		return err
	}
	defer passage.Release()
	if status := source(ctx); status != 0 {
		passage.RecordResponse(status)
	} else {
		passage.recordIncomplete(ctx, errLost)
	}
	return nil
}

// answers is a source that answers at once.
func answers(status int) func(context.Context) int {
	return func(context.Context) int { return status }
}

// hangs is a source that answers nobody.
func hangs(ctx context.Context) int {
	<-ctx.Done()
	return 0
}

// kill makes a source fail until it is asked no longer.
func (p *Guard) kill(t *testing.T) {
	t.Helper()
	for range breakerMinimum {
		if err := p.ask(t.Context(), answers(503)); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.state(); got != "open" {
		t.Fatalf("after failures only, the source is %s; want open", got)
	}
}

func TestFailuresOpenTheBreakerByTheirShare(t *testing.T) {
	const failed = 0
	tests := []struct {
		name     string
		statuses []int // in turn
		requests int
		apart    time.Duration
		want     string
	}{
		{"too few failures to tell", []int{failed}, 19, 0, "closed"},
		{"failures without an answer", []int{failed}, 20, 0, "open"},
		{"statuses of a source in trouble", []int{500, 502, 503, 504}, 20, 0, "open"},
		{"every second request, from the first failure on", []int{200, failed}, 21, 0, "open"},
		{"every third request", []int{200, 200, failed}, 90, 0, "closed"},
		{"what is wrong with the request", []int{400, 404, 429, 499}, 50, 0, "closed"},
		{"redirects and other answers", []int{204, 302, 304, 501, 505}, 50, 0, "closed"},
		{"failures that are far apart", []int{failed}, 50, 250 * time.Millisecond, "closed"},
		{"failures within the window", []int{failed}, 20, 90 * time.Millisecond, "open"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := protect(128)
				for i := range test.requests {
					if err := p.ask(t.Context(), answers(test.statuses[i%len(test.statuses)])); err != nil {
						t.Fatalf("request %d: %v", i+1, err)
					}
					time.Sleep(test.apart)
				}
				if got := p.state(); got != test.want {
					t.Errorf("state() = %q; want %q", got, test.want)
				}
			})
		})
	}
}

func TestARouteIsTheMethodAndThePathWithoutNames(t *testing.T) {
	tests := []struct{ method, target, want string }{
		{"GET", "/mini", "GET /mini"},
		{"HEAD", "/mini?a=1", "GET /mini"},
		{"POST", "/", "POST /"},
		{"GET", "", "GET /"},
		{"PATCH", "/api/cart/42", "PATCH /api/cart/*"},
		{"GET", "/items/caf%C3%A9/picture", "GET /items/*/picture"},
		{"GET", "/" + strings.Repeat("a", 33), "GET /*"},
		{"GET", "/a/b/c/d/e/f", "GET /a/b/c/d"},
	}
	for _, test := range tests {
		if got := routeOf(test.method, test.target); got != test.want {
			t.Errorf("routeOf(%q, %q) = %q; want %q", test.method, test.target, got, test.want)
		}
	}
}

// TestFailuresOfMoreRoutesThanAreCountedApartCountTogether has a route for each
// request.
func TestFailuresOfMoreRoutesThanAreCountedApartCountTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := protect(128)
		refused := 0
		for i := range maxRoutes + 2*breakerMinimum {
			g, err := p.Acquire(t.Context(), Request{Method: "GET", Target: "/" + strings.Repeat("a", i%32+1) + "/" + strings.Repeat("b", i/32+1)})
			if err != nil {
				refused++
				continue
			}
			g.RecordResponse(500)
			g.Release()
		}
		if refused != breakerMinimum {
			t.Errorf("%d requests were refused; want %d, all after the common failures", refused, breakerMinimum)
		}
		if n := len(p.routes.byRoute); n > maxRoutes+1 {
			t.Errorf("%d routes are counted; want %d at most", n, maxRoutes+1)
		}
		time.Sleep(time.Minute)
		p.routes.find("GET", "/")
		if n := len(p.routes.byRoute); n != 1 {
			t.Errorf("%d routes are counted a minute later; want 1, which is given up", n)
		}
	})
}

func TestOfAnOpenBreakerTheErrorSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := protect(1)
		p.kill(t)
		began := time.Now()
		if err := p.ask(t.Context(), answers(200)); !errors.Is(err, ErrOpen) || time.Since(began) > 0 {
			t.Errorf("enter = %v after %v; want %v at once", err, time.Since(began), ErrOpen)
		}
	})
}

// visit sends a request every 10 ms, each with the same time to be answered,
// until done or the end of the given time, and waits for what becomes of them.
func (p *Guard) visit(t *testing.T, during, patience time.Duration, source func(context.Context) int, done func() bool) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var visitors sync.WaitGroup
	defer visitors.Wait()
	for end := time.Now().Add(during); time.Now().Before(end) && !done(); <-tick.C {
		visitors.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_ = p.ask(ctx, source)
		})
		synctest.Wait()
	}
}

func TestADeadSourceGetsOnePercentOfTheRequests(t *testing.T) {
	tests := []struct {
		name     string
		source   func(context.Context) int
		patience time.Duration
	}{
		{"it refuses", answers(0), time.Second},
		{"it hangs", hangs, time.Second},
		{"it hangs, and nobody has patience", hangs, 100 * time.Millisecond},
		{"it hangs, and everybody has", hangs, 10 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := protect(128)
				p.kill(t)
				asked := 0 // no two at a time, since visit waits for each
				p.visit(t, 100*time.Second, test.patience, func(ctx context.Context) int {
					asked++
					return test.source(ctx)
				}, func() bool { return false })
				t.Logf("asked %d times", asked)
				if asked > 100 || asked < 50 {
					t.Errorf("of 10,000 requests, a dead source got %d; want 100 at most, and 50 to see whether it is back", asked)
				}
			})
		})
	}
}

func TestASourceIsBackSoonAfterItsRepair(t *testing.T) {
	tests := []struct {
		name   string
		broken func(context.Context) int
	}{
		{"it refused", answers(0)},
		{"it answered 503", answers(503)},
		{"it hung", hangs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var longest time.Duration
			for broken := 5 * time.Second; broken < 8*time.Second; broken += 70 * time.Millisecond {
				synctest.Test(t, func(t *testing.T) {
					p := protect(128)
					p.kill(t)
					repaired := time.Now().Add(broken)
					p.visit(t, time.Minute, time.Second, func(ctx context.Context) int {
						if time.Now().Before(repaired) {
							return test.broken(ctx)
						}
						time.Sleep(100 * time.Millisecond)
						return 200
					}, func() bool {
						if p.state() != "closed" {
							return false
						}
						longest = max(longest, time.Since(repaired))
						return true
					})
					if p.state() != "closed" {
						t.Errorf("a source that is repaired after %v is %s for good", broken, p.state())
					}
				})
			}
			t.Logf("back after %v at most", longest)
			if longest > 2*time.Second {
				t.Errorf("a source is back %v after its repair; want 2 s at most", longest)
			}
		})
	}
}

func TestWhoGivesUpSaysNothingOfTheSource(t *testing.T) {
	tests := []struct {
		name  string
		after time.Duration
		end   func(context.Context, time.Duration) (context.Context, context.CancelFunc)
		want  string
	}{
		{"visitors who leave", 100 * time.Millisecond, leaveAfter, "closed"},
		{"visitors who leave when nobody would wait longer", time.Second, leaveAfter, "open"},
		{"includes with a small maxwait", 100 * time.Millisecond, context.WithTimeout, "closed"},
		{"includes with all the time that there is", time.Second, context.WithTimeout, "open"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := protect(128)
				for range 50 {
					ctx, cancel := test.end(t.Context(), test.after)
					defer cancel()
					go func() { _ = p.ask(ctx, hangs) }()
				}
				time.Sleep(test.after)
				synctest.Wait()
				if got := p.state(); got != test.want {
					t.Errorf("state() = %q; want %q", got, test.want)
				}
			})
		})
	}
}

// leaveAfter returns a context that is canceled after a time.
func leaveAfter(parent context.Context, after time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	time.AfterFunc(after, cancel)
	return ctx, cancel
}

func TestWhatBeganBeforeTheBreakerOpenedDoesNotCountAfterwards(t *testing.T) {
	for _, status := range []int{200, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := protect(128)
				old, err := p.Acquire(t.Context(), someRequest)
				if err != nil {
					t.Fatal(err)
				}
				defer old.Release()
				p.kill(t)
				time.Sleep(probeInterval)
				probe, err := p.Acquire(t.Context(), someRequest)
				if err != nil {
					t.Fatal(err)
				}
				defer probe.Release()
				if old.RecordResponse(status); p.state() != "half-open" {
					t.Errorf("after an old %d, a probed source is %s; want half-open", status, p.state())
				}
				if probe.RecordResponse(200); p.state() != "closed" {
					t.Errorf("after its probe, the source is %s; want closed", p.state())
				}
			})
		})
	}
}

func TestOnlyTheFirstWordOnARequestCounts(t *testing.T) {
	p := protect(128)
	for range 100 {
		passage, err := p.Acquire(t.Context(), someRequest)
		if err != nil {
			t.Fatal(err)
		}
		passage.RecordResponse(200)
		passage.recordIncomplete(t.Context(), errLost)
		passage.RecordResponse(503)
		passage.Release()
	}
	if got := p.state(); got != "closed" {
		t.Errorf("state() = %q; want closed", got)
	}
}

func TestTheOperatorHearsWhenASourceDiesAndIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		p := New(Options{Name: "cart 1.4.2", Fragment: true, InFlight: 128, MinWait: time.Second, Logger: slog.New(slog.NewTextHandler(&log, nil)), Reason: error.Error, Unwanted: func(error) bool { return false }})
		p.kill(t)
		for range 10 {
			time.Sleep(probeInterval)
			if err := p.ask(t.Context(), answers(502)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(probeInterval)
		if err := p.ask(t.Context(), answers(200)); err != nil {
			t.Fatal(err)
		}
		want := []string{
			`level=WARN msg="a source fails too often, and is hardly asked until it is back" route="GET /mini" source="cart 1.4.2" breaker=open reason="status 503" failures=20 requests=20`,
			`level=INFO msg="a source is asked whether it is back" route="GET /mini" source="cart 1.4.2" breaker=half-open reason="not asked for 1.25s"`,
			`level=INFO msg="a source is back" route="GET /mini" source="cart 1.4.2" breaker=closed reason="it answered"`,
		}
		var got []string
		for line := range strings.Lines(log.String()) {
			_, line, _ = strings.Cut(strings.TrimSpace(line), " ") // without its time
			got = append(got, line)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the log differs (-want +got):\n%s", cmp.Diff(want, got))
		}
	})
}
