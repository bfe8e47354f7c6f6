package hub_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"selvedge/hub"
)

// A browser is a client that keeps the state of its page, as its model: the
// number that each view shows.
type browser struct {
	mu     sync.Mutex
	page   *page // nil: not connected
	shows  map[string]int64
	paused sync.Mutex // held by a test that keeps it from reading
	back   string     // the first step backwards, which there must not be
}

var elements = regexp.MustCompile(`<b hx-swap-oob="true" id="(\w+)" data-revision="(\d+)">`)

// run applies messages until the connection ends.
func (b *browser) run(p *page) {
	for {
		b.paused.Lock()
		b.paused.Unlock() //nolint:staticcheck // a gate
		_, message, err := p.ws.Read(p.t.Context())
		if err != nil {
			return
		}
		b.apply(p, string(message))
	}
}

func (b *browser) apply(p *page, message string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != p {
		return // the page was loaded again meanwhile
	}
	for _, e := range elements.FindAllStringSubmatch(message, -1) {
		n, _ := strconv.ParseInt(e[2], 10, 64)
		if n <= b.shows[e[1]] && b.back == "" {
			b.back = fmt.Sprintf("%s went from %d to %d", e[1], b.shows[e[1]], n)
		}
		b.shows[e[1]] = n
	}
}

// reload ends the connection, and returns the token of the page as it is.
func (b *browser) reload() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.page != nil {
		_ = b.page.ws.CloseNow()
		b.page = nil
	}
	var views []hub.Shown
	for name, n := range b.shows {
		views = append(views, shown(name, n))
	}
	return token(views...)
}

func (b *browser) is(want map[string]int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name := range b.shows {
		if b.shows[name] != want[name] {
			return false
		}
	}
	return true
}

// Whatever happens in whatever order, each page ends at the state of the
// server, and none goes backwards.
func TestEveryPageEndsAtTheServersState(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			runModel(t, rand.New(rand.NewPCG(seed, 7)))
		})
	}
}

func runModel(t *testing.T, random *rand.Rand) {
	s := startPiped(t, hub.Options{Tick: time.Millisecond, Hold: 5 * time.Millisecond})
	state := make(map[string]int64)
	var names []string
	for i := range 6 {
		names = append(names, fmt.Sprint("v", i))
		state[names[i]] = 1
		s.set(names[i], 1)
	}
	browsers := make([]*browser, 10)
	var reading sync.WaitGroup
	for i := range browsers {
		b := &browser{shows: make(map[string]int64)}
		for _, name := range names[:1+random.IntN(len(names))] {
			b.shows[name] = 1
		}
		browsers[i] = b
		connect(t, s, b, &reading)
	}
	paused := make(map[*browser]bool)
	failing := make(map[string]bool)
	for range 400 {
		b, name := browsers[random.IntN(len(browsers))], names[random.IntN(len(names))]
		switch random.IntN(10) {
		case 0:
			connect(t, s, b, &reading)
		case 1:
			if paused[b] {
				b.paused.Unlock()
			} else {
				b.paused.Lock()
			}
			paused[b] = !paused[b]
		case 2:
			failing[name] = !failing[name]
			s.fails(name, map[bool]error{true: errors.New("down")}[failing[name]])
		case 3:
			s.set(name, state[name]-1) // a stale answer, for a while
			s.Invalidate(name)
			s.set(name, state[name])
		default:
			other := names[random.IntN(len(names))]
			state[name]++
			s.set(name, state[name])
			if other != name {
				state[other]++
				s.set(other, state[other])
			}
			s.Invalidate(name, other)
		}
	}
	for b, is := range paused {
		if is {
			b.paused.Unlock()
		}
	}
	for _, name := range names {
		s.fails(name, nil)
	}
	for i, b := range browsers {
		eventually(t, fmt.Sprint("browser ", i, " shows the last state"), func() bool { return b.is(state) })
		if b.back != "" {
			t.Errorf("browser %d: %s", i, b.back)
		}
		_ = b.page.ws.CloseNow()
	}
	reading.Wait()
}

func connect(t *testing.T, s *server, b *browser, reading *sync.WaitGroup) {
	p := s.dial(t, b.reload())
	b.mu.Lock()
	b.page = p
	b.mu.Unlock()
	reading.Go(func() { b.run(p) })
}
