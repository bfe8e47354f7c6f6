package fetch

import (
	"strconv"
	"testing"
)

func TestAWarningIsLoggedOnceUntilManyOthersHaveBeen(t *testing.T) {
	var l onceLog
	if !l.add("a") || l.add("a") {
		t.Error("a warning is logged again, or never; want once")
	}
	if !l.add("b") {
		t.Error("another warning is not logged; want it")
	}
	for n := range maxLogged {
		l.add(strconv.Itoa(n))
	}
	if len(l.logged) > maxLogged {
		t.Errorf("%d warnings are remembered; want %d at most", len(l.logged), maxLogged)
	}
}
