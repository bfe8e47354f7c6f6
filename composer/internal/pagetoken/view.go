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

// SharedCookies stands in Entry.Within for the fragments that receive the cookies of the
// composer's options.
const SharedCookies = "-"

// withinField is the line of a variant that names the fragments in Entry.Within. No source
// receives the line.
const withinField = "Selvedge-Within"

// variantFields are the request fields on which a view can vary. A token has a bit for
// each, by index.
var variantFields = []string{"Cookie", "Accept-Language", "User-Agent"}

// VariantHeader returns the header of a variant.
func VariantHeader(variant string) http.Header {
	h := make(http.Header)
	for line := range strings.Lines(variant) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if name != withinField {
			h.Add(name, value)
		}
	}
	return h
}

// WithoutVariant returns a header without the fields on which a view can vary.
func WithoutVariant(h http.Header) http.Header {
	h = h.Clone()
	for _, name := range variantFields {
		delete(h, name)
	}
	return h
}

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

// VariesOnCookie reports whether the bits have that of Cookie.
func VariesOnCookie(bits byte) bool { return bits&1 != 0 }

// variance returns the bits of the fields in a variant, and the names in Entry.Within.
func variance(variant string) (bits byte, within []string) {
	var names []string
	for line := range strings.Lines(variant) {
		name, value, _ := strings.Cut(line, ":")
		if name == withinField {
			within = strings.Fields(value)
		}
		names = append(names, name)
	}
	return VariantBits(names, false), within
}

// Variant returns the header lines of a request for the bits. The header has the cookies of
// the view's fragment and of the fragments within.
func Variant(h http.Header, bits byte, within []string) string {
	var b strings.Builder
	if len(within) > 0 {
		b.WriteString(withinField + ": " + strings.Join(within, " ") + "\n")
	}
	for i, name := range variantFields {
		if bits&(1<<i) != 0 {
			writeLines(&b, h, name)
		}
	}
	return b.String()
}

// VariantWith returns the header lines of a request for the bits, and for further fields
// with names in canonical form.
func VariantWith(h http.Header, bits byte, more []string) string {
	var b strings.Builder
	b.WriteString(Variant(h, bits, nil))
	for _, name := range more {
		if !slices.Contains(variantFields, name) {
			writeLines(&b, h, name)
		}
	}
	return b.String()
}

func writeLines(b *strings.Builder, h http.Header, name string) {
	for _, value := range h.Values(name) {
		b.WriteString(name + ": " + value + "\n")
	}
}
