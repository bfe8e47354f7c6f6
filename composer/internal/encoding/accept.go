package encoding

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// IsIdentity reports whether a content coding, in small letters, changes no
// bytes. Some senders put there what belongs elsewhere: none, the label of a
// charset, or a transfer encoding of MIME (RFC 2045 §6.1).
func IsIdentity(name string) bool {
	switch name {
	case "", "identity", "none", "7bit", "8bit", "binary":
		return true
	}
	_, err := htmlindex.Get(name)
	return err == nil
}

// KeepReadable leaves, of the codings that somebody takes who asks for HTML, those
// that we can read: HTML may be a template, and that has to be read. All else
// may come in any coding.
func KeepReadable(h http.Header) {
	if len(h["Accept-Encoding"]) == 0 || !slices.ContainsFunc(h["Accept"], func(line string) bool { return strings.Contains(line, "text/html") }) {
		return
	}
	var kept []string
	for element := range strings.SplitSeq(strings.Join(h["Accept-Encoding"], ","), ",") {
		name, _, _ := strings.Cut(element, ";")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "identity" || decoders[name] != nil {
			kept = append(kept, strings.TrimSpace(element))
		}
	}
	if kept == nil {
		kept = []string{"identity"} // without the field, any coding would do
	}
	h["Accept-Encoding"] = []string{strings.Join(kept, ", ")}
}
