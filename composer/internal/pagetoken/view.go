package pagetoken

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// View is a fragment as a group of visitors sees it: a reference, and the request
// fields on which its response varies.
type View struct {
	Reference string
	Variant   string // header lines; empty: the same for all visitors
}

// Shown is a view with the state shown by a page.
type Shown struct {
	View
	ETag     string    // as in Rendered; empty: the page does not show the view yet
	Revision int64     // 0: none
	Epoch    string    // revisions of one epoch are comparable
	Date     time.Time // the latest time at which the fragment can have been generated
}

// variantFields are the request fields on which a view can vary. A token has a bit for
// each, by index.
var variantFields = []string{"Cookie", "Accept-Language", "User-Agent"}

// AllVariantBits is the variance of a fragment without a response yet: all bits.
const AllVariantBits = 1<<3 - 1

// VariantBits returns the bits of the fields in vary. A private response varies on the
// session, which is in Cookie.
func VariantBits(vary []string, private bool) (bits byte) {
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

// VariantBitsOf returns the bits of the fields in a variant.
func VariantBitsOf(variant string) byte {
	var names []string
	for line := range strings.Lines(variant) {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	return VariantBits(names, false)
}

// Variant returns the header lines of a request for the bits.
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
