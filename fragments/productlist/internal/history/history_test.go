package history_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"selvedge/fragments/productlist/internal/history"
)

func TestTheLastProductIsFirst(t *testing.T) {
	h := history.New(10)
	for _, visit := range []struct {
		product int64
		want    []int64
	}{
		{1, nil}, {2, []int64{1}}, {2, []int64{1}}, {3, []int64{2, 1}}, {1, []int64{3, 2}}, {4, []int64{1, 3, 2}},
	} {
		if got := h.Visit("ada", visit.product); !slices.Equal(got, visit.want) {
			t.Errorf("after a visit to %d: %v; want %v", visit.product, got, visit.want)
		}
	}
	if got := h.Visit("bob", 1); len(got) != 0 {
		t.Errorf("another visitor has seen %v; want nothing", got)
	}
	for product := range int64(20) {
		h.Visit("ada", product)
	}
	if got := h.Visit("ada", 100); !slices.Equal(got, []int64{19, 18, 17, 16, 15, 14, 13, 12}) {
		t.Errorf("after many visits: %v; want the last eight", got)
	}
}

func TestVisitorsWhoStayAwayAreForgotten(t *testing.T) {
	h := history.New(10)
	h.Visit("ada", 1)
	h.Visit("bob", 1)
	for n := range 20 {
		h.Visit(fmt.Sprint(n), 1)
		h.Visit("ada", 1)
	}
	if got := h.Visit("ada", 2); !slices.Equal(got, []int64{1}) {
		t.Errorf("the visitor who comes back has seen %v; want 1", got)
	}
	if got := h.Visit("bob", 2); len(got) != 0 {
		t.Errorf("the visitor who stayed away has seen %v; want it forgotten", got)
	}
}

func TestVisitorsComeTogether(t *testing.T) {
	h := history.New(8)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for product := range int64(1000) {
				h.Visit(fmt.Sprint(n), product)
			}
		})
	}
	all.Wait()
}
