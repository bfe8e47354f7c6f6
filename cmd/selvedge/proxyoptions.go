package main

import (
	"mime"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer"
)

// proxyOptions reads the flags for the composer of a proxy.
func proxyOptions(c *cli.Command) (composer.Options, error) {
	options, err := composerOptions(c)
	if err != nil {
		return options, err
	}
	if err := checkTimeout(c, "origin-timeout"); err != nil {
		return options, err
	}
	options.MaxWait = options.PageTimeout
	options.ActionTimeout = c.Duration("origin-timeout")
	options.AllowHosts = c.StringSlice("allow-host")
	options.Cookies = append([]string{}, c.StringSlice("cookie")...) // none by default
	options.Headers = c.StringSlice("header")
	options.SetCookies = c.StringSlice("set-cookie")
	options.ESICookies = c.StringSlice("esi-cookie")
	options.OptInAliases = c.Bool("esi-alias")
	options.ObeyRequestCacheControl = c.Bool("obey-request-cache-control")
	options.ShowHosts = c.Bool("dev")
	for _, flag := range []string{"esi-cookie", "cookie", "set-cookie"} {
		for _, name := range c.StringSlice(flag) {
			if name == "" || strings.ContainsAny(name, "=;, \t\"") {
				return options, flags.Errorf("--%s %q is no name of a cookie", flag, name)
			}
		}
	}
	if options.ESITypes, err = readTypes(c.StringSlice("esi-type")); err != nil {
		return options, err
	}
	if options.Surrogates, err = readNetworks(c, "surrogate"); err != nil {
		return options, err
	}
	return options, checkSurrogates(c, options.Surrogates)
}

// checkSurrogates returns an error if an address is both a surrogate's and a trusted
// proxy's. A surrogate is recognized by its address, and the requests of a trusted proxy
// have the address of the visitor instead.
func checkSurrogates(c *cli.Command, surrogates []netip.Prefix) error {
	trusted, err := readNetworks(c, "trusted-proxy")
	for _, network := range trusted {
		if slices.ContainsFunc(surrogates, network.Overlaps) {
			return flags.Errorf("--trusted-proxy %s has addresses of --surrogate, and one cannot be both", network)
		}
	}
	return err
}

// readTypes reads the values of --esi-type.
func readTypes(values []string) ([]string, error) {
	var types []string
	for _, value := range values {
		mediaType, parameters, err := mime.ParseMediaType(value)
		if err != nil || len(parameters) > 0 || !strings.Contains(mediaType, "/") {
			return nil, flags.Errorf("--esi-type %q is no media type, as in text/plain", value)
		}
		types = append(types, mediaType)
	}
	return types, nil
}

// readNetworks reads the networks of a flag. A single address is a network too.
func readNetworks(c *cli.Command, flag string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, value := range c.StringSlice(flag) {
		network, err := netip.ParsePrefix(value)
		if addr, addrErr := netip.ParseAddr(value); addrErr == nil && addr.Zone() == "" {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, flags.Errorf("--%s %q is no network, as in 10.0.0.0/8, and no address", flag, value)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

// parseOrigin reads the address of the origin.
func parseOrigin(s string) (*url.URL, error) {
	if s == "" {
		return nil, flags.Errorf("an origin is missing, as in selvedge proxy http://127.0.0.1:9000")
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.Port() != "" && !isPort(u.Port()):
		return nil, flags.Errorf("%q is no origin: it has to be http or https with a host, as in http://127.0.0.1:9000", s)
	case u.User != nil:
		return nil, flags.Errorf("an origin has no user or password in its address")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, flags.Errorf("%q is more than an origin: leave out what follows the host", s)
	}
	return u, nil
}
