package pagetoken

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// View is one fragment as some visitors see it: a reference, and the request
// headers that its answer varies on.
type View struct {
	Reference string
	Variant   string // header lines; empty: the same for everybody
}

// Shown is a view as a page shows it.
type Shown struct {
	View
	ETag     string    // as in Rendered; empty: the page shows nothing of it yet
	Revision int64     // 0: the fragment has none
	Epoch    string    // what Revision can be compared with
	Date     time.Time // when the fragment was generated, at the latest
}

// variantFields are the headers that a view can vary on. The page's token has a
// bit for each, by position.
var variantFields = []string{"Cookie", "Accept-Language", "User-Agent"}

// AllVariants is the variance of a fragment that has not answered yet.
const AllVariants = 1<<3 - 1

// Variance returns the bits of the headers that an answer varies on. A private
// answer varies on the session.
func Variance(vary []string, private bool) (bits byte) {
	for i, name := range variantFields {
		if slices.Contains(vary, name) {
			bits |= 1 << i
		}
	}
	if private {
		bits |= 1
	}
	return bits
}

// Variant returns the header lines of a request that the bits stand for.
func Variant(h http.Header, bits byte) string {
	var b strings.Builder
	for i, name := range variantFields {
		if bits&(1<<i) == 0 {
			continue
		}
		for _, value := range h.Values(name) {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	return b.String()
}
