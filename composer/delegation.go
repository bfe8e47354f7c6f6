package composer

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// fromSurrogate reports whether a visitor is a surrogate that we believe to be
// one (Edge Architecture 1.0 §2.1). Anybody could say so, and read what is not
// meant for them, so only those are believed who come from where the operator
// has them.
func (p *proxy) fromSurrogate(r *http.Request) bool {
	if len(p.options.Surrogates) == 0 || r.Header.Get(surrogateCapability) == "" {
		return false
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && slices.ContainsFunc(p.options.Surrogates, func(n netip.Prefix) bool { return n.Contains(from.Addr().Unmap()) })
}

// delegates reports whether a template goes out as it is, because the visitor
// is a surrogate that completes it: the template asks all surrogates to, in a
// version of ESI that this one reads.
func (p *proxy) delegates(r *http.Request, template *response) bool {
	if !p.fromSurrogate(r) {
		return false
	}
	asked := contentOf(template.header.values(surrogateControl), "")
	if len(asked) == 0 {
		return false
	}
	oldest := slices.Min(asked)
	for element := range listElements(r.Header[surrogateCapability]) {
		_, languages, _ := strings.Cut(element, "=")
		if slices.ContainsFunc(esiVersions(strings.TrimSpace(languages)), func(version float64) bool { return version >= oldest }) {
			return true
		}
	}
	return false
}

// tellSurrogate gives a visitor that is a surrogate what a Surrogate-Control
// field says to it (§2.2): the directives that are not for us by name, and of
// these the ones that hold for what it gets.
func (p *proxy) tellSurrogate(r *http.Request, h http.Header, lines []string, holds func(directive, target string) bool) {
	if len(lines) > 0 && p.fromSurrogate(r) {
		if rest := onward(lines, holds); rest != "" {
			h[surrogateControl] = []string{rest}
		}
	}
}

func onward(lines []string, holds func(directive, target string) bool) string {
	var rest []string
	for element := range listElements(lines) {
		if directive, target := cutTarget(element); target != device && holds(directive, target) {
			rest = append(rest, element)
		}
	}
	return strings.Join(rest, ", ")
}

// ofDocument says that every directive holds for what is as it came.
func ofDocument(_, _ string) bool { return true }

// ofCompleted says which directives hold for a template that was read as ESI:
// nobody else has to.
func ofCompleted(directive, target string) bool {
	name, _, _ := strings.Cut(directive, "=")
	return target != "" || !strings.EqualFold(name, "content")
}

// ofPage says which directives hold for a page of several parts. Only that it
// may not be kept does: how long it may is for its own Cache-Control to say,
// since the template knows nothing of its other parts.
func ofPage(directive, _ string) bool {
	return strings.HasPrefix(strings.ToLower(directive), "no-store")
}

// tellSurrogate gives a surrogate what holds for the page.
func (o *output) tellSurrogate(h http.Header) {
	holds := ofCompleted
	if o.merged.composed {
		holds = ofPage
	}
	if rest := onward(o.control, holds); rest != "" {
		h[surrogateControl] = []string{rest}
	}
}
