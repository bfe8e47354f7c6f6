package composer

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"selvedge/composer/internal/header"
)

// fromSurrogate reports whether a visitor is a surrogate that we believe to be
// one (Edge Architecture 1.0 §2.1). Anybody could say so, and read what is not
// meant for them, so only those are believed who come from where the operator
// has them.
func (p *proxy) fromSurrogate(r *http.Request) bool {
	if len(p.options.Surrogates) == 0 || r.Header.Get(header.SurrogateCapability) == "" {
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
	asked := header.ContentVersions(template.header.Values(header.SurrogateControl), "")
	if len(asked) == 0 {
		return false
	}
	oldest := slices.Min(asked)
	for element := range header.ListElements(r.Header[header.SurrogateCapability]) {
		_, languages, _ := strings.Cut(element, "=")
		if slices.ContainsFunc(header.ESIVersions(strings.TrimSpace(languages)), func(version float64) bool { return version >= oldest }) {
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
		if rest := header.ForwardedSurrogateControl(lines, holds); rest != "" {
			h[header.SurrogateControl] = []string{rest}
		}
	}
}

// tellSurrogate gives a surrogate what holds for the page.
func (o *output) tellSurrogate(h http.Header) {
	holds := header.HoldsForCompleted
	if o.merged.Composed {
		holds = header.HoldsForPage
	}
	if rest := header.ForwardedSurrogateControl(o.control, holds); rest != "" {
		h[header.SurrogateControl] = []string{rest}
	}
}
