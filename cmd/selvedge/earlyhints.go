package main

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/server"
)

func earlyHintsFlag() cli.Flag {
	return flags.Text("early-hints", "auto", "send 103 Early Hints: auto, over HTTP/2 and later; always, also over HTTP/1.1 where nothing speaks of a proxy, at your own risk: "+
		"nginx before 1.29 does not say that it is there, and breaks pages with a 103; never")
}

// readEarlyHints reads --early-hints for composer.Options.EarlyHints. The value auto is nil.
func readEarlyHints(c *cli.Command, trusted []netip.Prefix) (func(*http.Request) bool, error) {
	switch value := c.String("early-hints"); value {
	case "auto":
		return nil, nil
	case "always":
		return func(r *http.Request) bool { return r.ProtoAtLeast(2, 0) || !isBehindProxy(r, trusted) }, nil
	case "never":
		return func(*http.Request) bool { return false }, nil
	default:
		return nil, flags.Errorf("--early-hints is auto, always or never, and not %q", value)
	}
}

// isBehindProxy reports whether a request has a sign of a proxy:
//
//   - a field of proxies;
//   - the address of a trusted proxy.
func isBehindProxy(r *http.Request, trusted []netip.Prefix) bool {
	for name := range r.Header {
		if name == "Via" || name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && server.IsIn(trusted, peer.Addr())
}
