package workload

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUpdatesOfAMessage(t *testing.T) {
	two := string(AppendView(AppendView(nil, SwapAttribute, 3, 17, 200), SwapAttribute, 9, 1, 200))
	for _, test := range []struct {
		name, message string
		want          []Update
	}{
		{"of an empty message", "", nil},
		{"of two views", two, []Update{{3, 17}, {9, 1}}},
		{"with the swap after the id", `<div id="view-4" data-revision="5">`, []Update{{4, 5}}},
		{"in JSON", `{"html":"<div id='view-4' data-revision='5'>...</div>"}`, []Update{{4, 5}}},
		{"cut off", `<div id="view-4" data-revision=`, nil},
		{"of something else", `<p id="message">no</p>`, nil},
		{"without a revision", `<div id="view-4">`, nil},
		{"of a view beyond all", `<div id="view-99999999999999999999" data-revision="1">`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []Update
			for u, rest, ok := NextUpdate([]byte(test.message)); ok; u, rest, ok = NextUpdate(rest) {
				got = append(got, u)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("updates of %.60q (-want +got):\n%s", test.message, diff)
			}
		})
	}
}

func TestAViewHasTheSizeThatIsAskedFor(t *testing.T) {
	for _, size := range []int{175, 475, 64 << 10} {
		b := string(AppendView(nil, SwapAttribute, 3, 17, size))
		if len(b) != size || !strings.HasPrefix(b, `<div hx-swap-oob="true" id="view-3" data-revision="17">`) || !strings.HasSuffix(b, "</div>") {
			t.Errorf("AppendView(%d) = %d bytes: %q", size, len(b), b)
		}
	}
}
