package hub_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

func TestASilentClientIsReapedWithinPingAndPong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 1)
		s.dial(t, token(shown("a", 1))) // whoever does not read sends no pongs
		synctest.Wait()
		if got := s.Stats().WebSockets; got != 1 {
			t.Fatalf("connections = %d; want 1", got)
		}
		time.Sleep(37 * time.Second) // 25 s, 10 s, and a tick or two
		synctest.Wait()
		if got := s.Stats(); got.WebSockets != 0 || got.Views != 0 {
			t.Errorf("after 37 s: %d connections, %d views; want none", got.WebSockets, got.Views)
		}
	})
}

func TestAClientThatAnswersPingsStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Idle: time.Minute})
		s.set("a", 1)
		p := s.dial(t, token(shown("a", 1)))
		received := make(chan string)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer close(received)
			_, b, _ := p.ws.Read(ctx)
			received <- string(b)
		}()
		time.Sleep(24 * time.Hour)
		s.change("a", 2)
		if got := <-received; got != swapped("a", 2) {
			t.Errorf("after a day: message = %q; want %q", got, swapped("a", 2))
		}
		cancel()
		<-received
	})
}

func TestPingsAreSpreadOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		begin := time.Now()
		at := make(map[time.Duration]int)
		pings := make(chan time.Duration, 200)
		for range 100 {
			p := s.dialWith(t, token(), websocket.DialOptions{OnPingReceived: func(context.Context, []byte) bool {
				pings <- time.Since(begin).Truncate(time.Second)
				return true
			}})
			p.ws.CloseRead(t.Context())
		}
		for range 100 {
			at[<-pings]++
		}
		if time.Since(begin) > 26*time.Second || len(at) < 12 {
			t.Errorf("pings came within %v in %d different seconds; want 25 s and many", time.Since(begin), len(at))
		}
	})
}

func TestAnIdleConnectionIsAskedToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1, Idle: time.Minute})
		p := s.dial(t, token())
		begin := time.Now()
		p.wantClose(websocket.StatusTryAgainLater)
		if got := time.Since(begin); got < time.Minute || got > 2*time.Minute+time.Second {
			t.Errorf("closed after %v; want between one and two idle times of a minute", got)
		}
	})
}

func TestOneInvalidationIsOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("fast", 1)
		s.set("slow", 1)
		p := s.dial(t, token(shown("fast", 1), shown("slow", 1)))
		synctest.Wait()
		s.slow("slow", 900*time.Millisecond)
		s.set("fast", 2)
		s.set("slow", 2)
		s.Invalidate("slow", "fast")
		p.want(swapped("fast", 2) + swapped("slow", 2))
	})
}

func TestAViewThatIsTooSlowFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("fast", 1)
		s.set("slow", 1)
		p := s.dial(t, token(shown("fast", 1), shown("slow", 1)))
		synctest.Wait()
		s.slow("slow", 3*time.Second)
		s.set("fast", 2)
		s.set("slow", 2)
		begin := time.Now()
		s.Invalidate("slow", "fast")
		p.want(swapped("fast", 2))
		if got := time.Since(begin); got != time.Second {
			t.Errorf("the fast view came after %v; want a second", got)
		}
		p.want(swapped("slow", 2))
	})
}

func TestASlowViewHoldsUpNoOtherChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("fast", 1)
		s.set("slow", 1)
		p := s.dial(t, token(shown("fast", 1), shown("slow", 1)))
		synctest.Wait()
		s.slow("slow", 900*time.Millisecond)
		s.change("slow", 2)
		synctest.Wait()
		begin := time.Now()
		s.change("fast", 2)
		p.want(swapped("fast", 2))
		if got := time.Since(begin); got > 20*time.Millisecond {
			t.Errorf("the fast view came after %v; want at once", got)
		}
		p.want(swapped("slow", 2))
	})
}

func TestAnInvalidationDuringAFetchIsNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 2)
		s.slow("a", 100*time.Millisecond) // answers with what it was at the start
		p := s.dial(t, token(shown("a", 1)))
		synctest.Wait()
		s.change("a", 3) // while nobody knows the view's groups
		p.want(swapped("a", 2))
		p.want(swapped("a", 3))
	})
}

func TestMoreInvalidationsThanAreRememberedAreNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 2)
		s.slow("a", 100*time.Millisecond)
		p := s.dial(t, token(shown("a", 1)))
		synctest.Wait()
		s.change("a", 3)
		for range 1000 {
			s.Invalidate("another")
		}
		p.want(swapped("a", 2))
		p.want(swapped("a", 3))
	})
}

func TestRetriesBackOffToFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1, Idle: -1})
		s.set("a", 1)
		s.fails("a", errors.New("is down"))
		p := s.dial(t, token(shown("a", 0)))
		time.Sleep(time.Minute)
		if got := s.fetches("a"); got < 16 || got > 24 {
			t.Errorf("fetches within a minute = %d; want about 18", got)
		}
		s.fails("a", nil)
		begin := time.Now()
		p.want(swapped("a", 1))
		if got := time.Since(begin); got > 5*time.Second {
			t.Errorf("right again after %v; want at most 5 s", got)
		}
	})
}

func TestChangesUnderLoadAreMerged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		s.set("a", 0)
		p := s.dial(t, token(shown("a", 0)))
		synctest.Wait()
		go func() {
			for n := int64(1); n <= 1000; n++ {
				s.change("a", n)
				time.Sleep(time.Millisecond)
			}
		}()
		messages := 0
		for at := int64(0); at < 1000; messages++ {
			at = number(t, p.read())
		}
		if messages > 52 {
			t.Errorf("messages within a second = %d; want at most one in 20 ms", messages)
		}
		if got := s.Stats().Merged; got < 900 {
			t.Errorf("Stats().Merged = %d; want those of 1000 that were not sent", got)
		}
	})
}

func TestAReaderThatDoesNotDrainIsAskedToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.set("a", 1)
		s.set("b", 1)
		stuck := s.dial(t, token(shown("a", 1)))
		other := s.dial(t, token(shown("a", 1), shown("b", 1)))
		synctest.Wait()
		s.change("a", 2)
		other.want(swapped("a", 2))
		time.Sleep(9 * time.Second)
		s.change("b", 2)
		other.want(swapped("b", 2))
		if got := s.Stats(); got.WebSockets != 2 || got.Stalled != 0 {
			t.Fatalf("after 9 s: %d connections, %d stalled; want 2, 0", got.WebSockets, got.Stalled)
		}
		time.Sleep(2 * time.Second)
		if got := s.Stats(); got.WebSockets != 1 || got.Stalled != 1 {
			t.Fatalf("after 11 s: %d connections, %d stalled; want 1, 1", got.WebSockets, got.Stalled)
		}
		stuck.want(swapped("a", 2))
		stuck.wantClose(websocket.StatusTryAgainLater)
	})
}

func TestAReaderThatNeverDrainsIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.set("a", 1)
		stuck := s.dial(t, token(shown("a", 1)))
		synctest.Wait()
		s.change("a", 2)
		time.Sleep(21 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := stuck.ws.Read(ctx); err == nil || ctx.Err() != nil {
			t.Errorf("Read after 21 s: %v; want the end of the connection", err)
		}
	})
}

func TestClosingIsSpreadOverTheTimeThatThereIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		begin := time.Now()
		const n = 40
		closed := make(chan time.Duration, n)
		for range n {
			p := s.dial(t, token())
			go func() {
				p.wantClose(websocket.StatusServiceRestart)
				closed <- time.Since(begin)
			}()
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
		times := make(map[time.Duration]int)
		for range n {
			times[(<-closed).Truncate(500*time.Millisecond)]++
		}
		if len(times) < 15 || time.Since(begin) > 16*time.Second {
			t.Errorf("closed within %v at %d times; want 20 batches within three quarters of 20 s", time.Since(begin), len(times))
		}
		if err := s.Close(ctx); err == nil {
			t.Error("second Close: nil; want an error")
		}
		resp, err := s.client.Get(s.url(token()))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Errorf("GET of a closed hub = %d; want %d with Retry-After", resp.StatusCode, http.StatusServiceUnavailable)
		}
	})
}

func TestCloseDropsWhoDoesNotLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.dial(t, token())
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if err := s.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close with a client that does not read: %v; want %v", err, context.DeadlineExceeded)
		}
	})
}

func TestPongsHaveToComeBeforeTheNextPing(t *testing.T) {
	_, err := hub.New(newPages(), hub.Options{Ping: time.Second, Pong: time.Second})
	if err == nil || !strings.Contains(err.Error(), "pong") {
		t.Errorf("New with a pong time of the ping interval: %v; want an error", err)
	}
}
