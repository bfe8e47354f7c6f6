package hub_test

import (
	"testing"

	"selvedge/hub"
)

func TestAPageIsSentWhatItIsBehindWith(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 2)
	s.set("b", 7)
	s.set("late", 1)
	p := s.dial(t, token(shown("a", 1), shown("b", 7), hub.Shown{View: hub.View{Reference: "late"}}), nil)
	p.want(swapped("a", 2) + swapped("late", 1))
	s.change("b", 8)
	p.want(swapped("b", 8))
}
