package hub_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"selvedge/hub"
)

// schedules is how many orders of change, rendering and connection are tried.
const schedules = 10_000

// A view changes while a page is rendered and connected: the page ends at
// the last change, and never goes back.
func TestNoChangeFallsBetweenRenderingAndConnection(t *testing.T) {
	s := startPiped(t, hub.Options{Tick: time.Microsecond})
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 1))
			for i := worker; i < schedules && !t.Failed(); i += 8 {
				joinAmidChanges(t, s, fmt.Sprint("v", i), random)
			}
		})
	}
	group.Wait()
}

func joinAmidChanges(t *testing.T, s *server, view string, random *rand.Rand) {
	s.set(view, 1)
	last := int64(2 + random.IntN(4))
	early := 1 + random.Int64N(last) // changes up to this one come before the page is rendered
	yields := random.IntN(40)        // how far the connection gets before the others
	for n := int64(2); n <= early; n++ {
		s.change(view, n)
	}
	page := token(shown(view, early))
	changed := make(chan struct{})
	go func() {
		defer close(changed)
		for n := early + 1; n <= last; n++ {
			for range yields {
				runtime.Gosched()
			}
			s.change(view, n)
		}
	}()
	p := s.dial(t, page)
	defer func() { _ = p.ws.CloseNow() }()
	at := early
	for at < last {
		n := number(t, p.read())
		if n <= at {
			t.Errorf("%s: sent %d after %d", view, n, at)
			return
		}
		at = n
	}
	<-changed
}

var numbers = regexp.MustCompile(`data-revision="(\d+)"`)

// number is the revision of the message's only element.
func number(t *testing.T, message string) int64 {
	t.Helper()
	found := numbers.FindAllStringSubmatch(message, -1)
	if len(found) != 1 {
		t.Fatalf("message %q; want one element", message)
	}
	n, err := strconv.ParseInt(found[0][1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
