package hub_test

import (
	"testing"
	"testing/synctest"
	"time"

	"selvedge/hub"
)

// counted is a fragment whose revision counts, say, comments, of which the text of one may
// change.
func counted(revision int64, text string) hub.Fragment {
	return hub.Fragment{Body: []byte(`<b id="a">` + text + `</b>`), ETag: text, Groups: []string{"a"}, Revision: revision}
}

// countedShown is that fragment as a page shows it that was composed just now.
func countedShown(revision int64, text string) string {
	return token(hub.Shown{View: hub.View{Reference: "a"}, ETag: text, Revision: revision, Date: time.Now()})
}

func TestAnEqualRevisionWithOtherContentIsSent(t *testing.T) {
	s := start(t, hub.Options{})
	s.put("a", counted(3, "first"))
	p := s.dial(t, countedShown(3, "first"))
	eventually(t, "fetched", func() bool { return s.fetches("a") == 1 })
	s.put("a", counted(3, "edited"))
	s.Invalidate("a")
	p.want(pushed("edited"))
}

// TestOldTruthOfAnEqualRevisionIsNotSent has a cache before the hub hold what the fragment
// was before a page, which shows the same revision in other words.
func TestOldTruthOfAnEqualRevisionIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", counted(3, "old"))
		s.store("a", counted(3, "old"), time.Now())
		open := s.dial(t, countedShown(3, "old"))
		time.Sleep(5 * time.Second)
		s.put("a", counted(3, "edited")) // and nobody says so
		p := s.dial(t, countedShown(3, "edited"))
		open.want(pushed("edited"))
		s.put("a", counted(3, "edited twice"))
		s.store("a", counted(3, "edited twice"), time.Now())
		s.Invalidate("a")
		p.want(pushed("edited twice"))
	})
}

// TestOldTruthOfASmallerRevisionIsNotSent has a fetch that began before a write end after
// the page that shows what was written.
func TestOldTruthOfASmallerRevisionIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Ping: -1})
		s.put("a", counted(3, "old"))
		s.slow("a", time.Second)
		s.dial(t, token(late("a")))
		synctest.Wait() // the fetch has its answer
		s.put("a", counted(4, "new"))
		p := s.dial(t, countedShown(4, "new"))
		time.Sleep(5 * time.Second)
		s.put("a", counted(5, "newer"))
		s.Invalidate("a")
		p.want(pushed("newer"))
	})
}
