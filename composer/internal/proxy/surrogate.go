package proxy

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
)

// isFromSurrogate reports whether the client is a surrogate (Edge Architecture 1.0 §2.1)
// in the networks of Options.Surrogates. Outside of these networks the claim of a client
// has no effect, because any client could claim to be a surrogate, and read templates.
func (p *Proxy) isFromSurrogate(r *http.Request) bool {
	if len(p.options.Surrogates) == 0 || r.Header.Get(header.SurrogateCapability) == "" {
		return false
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && slices.ContainsFunc(p.options.Surrogates, func(n netip.Prefix) bool { return n.Contains(from.Addr().Unmap()) })
}

// delegates reports whether the client receives a template as it is. Such a client is a
// surrogate that supports the template's version of ESI.
func (p *Proxy) delegates(r *http.Request, template *cache.Response) bool {
	if !p.isFromSurrogate(r) {
		return false
	}
	asked := header.ContentVersions(template.Header.Values(header.SurrogateControl), "")
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

// setSurrogateControl sends a surrogate the directives of Surrogate-Control that hold for
// a document (§2.2). Directives for this composer alone are removed.
func (p *Proxy) setSurrogateControl(r *http.Request, h http.Header, lines []string) {
	if len(lines) > 0 && p.isFromSurrogate(r) {
		if rest := header.ForwardedSurrogateControl(lines, header.HoldsForDocument); rest != "" {
			h[header.SurrogateControl] = []string{rest}
		}
	}
}
