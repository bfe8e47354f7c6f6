package productlist

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPageNumbers(t *testing.T) {
	tests := []struct {
		current, pages int
		want           []int
	}{
		{1, 1, []int{1}},
		{1, 3, []int{1, 2, 3}},
		{1, 4, []int{1, 2, 3, 4}},
		{1, 9, []int{1, 2, 0, 9}},
		{4, 9, []int{1, 2, 3, 4, 5, 0, 9}},
		{5, 9, []int{1, 0, 4, 5, 6, 0, 9}},
		{9, 9, []int{1, 0, 8, 9}},
	}
	for _, test := range tests {
		got := pageNumbers(test.current, test.pages)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("pageNumbers(%d, %d) (-want +got):\n%s", test.current, test.pages, diff)
		}
	}
}
