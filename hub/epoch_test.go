package hub_test

import (
	"fmt"
	"testing"
	"time"

	"selvedge/hub"
)

// inEpoch is a view with a number that counts in an epoch.
func inEpoch(reference, epoch string, number int64) hub.Fragment {
	return hub.Fragment{
		Body:     []byte(element(reference, number)),
		ETag:     fmt.Sprintf(`"%s-%d"`, epoch, number),
		Groups:   []string{reference},
		Revision: number,
		Epoch:    epoch,
	}
}

// shownIn is that view as a page that was composed just now shows it.
func shownIn(reference, epoch string, number int64) hub.Shown {
	f := inEpoch(reference, epoch, number)
	return hub.Shown{View: hub.View{Reference: reference}, ETag: f.ETag, Revision: number, Epoch: epoch, Date: time.Now()}
}

func TestASmallerRevisionOfAnotherEpochIsSent(t *testing.T) {
	s := start(t, hub.Options{})
	s.put("a", inEpoch("a", "before", 5))
	p := s.dial(t, token(shownIn("a", "before", 4)))
	p.want(swapped("a", 5))
	s.put("a", inEpoch("a", "restored", 3))
	s.Invalidate("a")
	p.want(swapped("a", 3))
	s.put("a", inEpoch("a", "restored", 2)) // a stale answer
	s.Invalidate("a")
	eventually(t, "asked again", func() bool { return s.fetches("a") >= 4 })
	s.put("a", inEpoch("a", "restored", 4))
	p.want(swapped("a", 4))
}

func TestAPageOfAnotherEpochIsSentASmallerRevision(t *testing.T) {
	s := start(t, hub.Options{})
	s.put("a", inEpoch("a", "restored", 3))
	p := s.dial(t, token(shownIn("a", "before", 5)))
	p.want(swapped("a", 3))
}

// TestAPageOfAnotherEpochHasTheViewFetched restores data without a word to the
// hub, which learns of it from the first page that was rendered afterwards.
func TestAPageOfAnotherEpochHasTheViewFetched(t *testing.T) {
	s := start(t, hub.Options{})
	s.put("a", inEpoch("a", "before", 5))
	first := s.dial(t, token(shownIn("a", "before", 5)))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	s.put("a", inEpoch("a", "restored", 3))
	s.dial(t, token(shownIn("a", "restored", 3)))
	first.want(swapped("a", 3))
}
