package encoding

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// RestrictAcceptEncoding restricts Accept-Encoding to the codings that Decode can remove, if a
// request accepts HTML, because HTML may be a template to be processed. Further
// requests stay unchanged.
func RestrictAcceptEncoding(h http.Header) {
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
		kept = []string{"identity"} // without the field, any coding would be acceptable
	}
	h["Accept-Encoding"] = []string{strings.Join(kept, ", ")}
}

// IsIdentity reports whether a content coding, in lower case, changes no bytes. It
// also accepts values that some senders put into Content-Encoding by mistake: none,
// the label of a charset, or a transfer encoding of MIME (RFC 2045 §6.1).
func IsIdentity(name string) bool {
	switch name {
	case "", "identity", "none", "7bit", "8bit", "binary":
		return true
	}
	_, err := htmlindex.Get(name)
	return err == nil
}
