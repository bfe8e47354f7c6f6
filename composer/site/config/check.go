package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"selvedge/composer/internal/address"
	"selvedge/composer/internal/csp"
	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
	"selvedge/composer/server"
)

// MaxCache is the largest size of a cache, and of the memory of a process, in MiB.
const MaxCache = 1 << 20

// Check returns Errors with all mistakes that the configuration has: values out of range,
// and values that do not fit together. A configuration of Load or Parse has none. Call it
// after Set, or for a configuration made in Go.
func (c *Config) Check() error {
	if found := c.check(); len(found) > 0 {
		return found
	}
	return nil
}

// check returns all mistakes, in the order of the file.
func (c *Config) check() Errors {
	k := &checker{config: c}
	k.server()
	k.composer()
	k.fragments()
	k.pages()
	k.slots()
	k.ownTemplates()
	k.oneOf("live", c.Live, "manual", "auto", "off")
	if len(c.Pages) == 0 && c.Origin == "" {
		k.fail("pages", "a site has pages, or an origin")
	}
	slices.SortStableFunc(k.errors, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return k.errors
}

// checker collects the mistakes of a configuration.
type checker struct {
	config *Config
	errors Errors
}

// fail adds a mistake at the value of a key.
func (k *checker) fail(key, format string, args ...any) {
	at := k.config.positions[key]
	k.errors = append(k.errors, &Error{File: k.config.file, Line: at.line, Column: at.column, Key: key, Message: fmt.Sprintf(format, args...)})
}

// oneOf checks a text with a few values.
func (k *checker) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		last := len(allowed) - 1
		k.fail(key, "%s is %s or %s, and not %q%s", key, strings.Join(allowed[:last], ", "), allowed[last], value, suggestion(value, allowed))
	}
}

// atLeast checks a number.
func (k *checker) atLeast(key string, value, least int) {
	if value < least {
		k.fail(key, "%s is a number from %d, and not %d", key, least, value)
	}
}

// server checks the settings of the server.
func (k *checker) server() {
	c := k.config
	if err := checkListen(c.Listen); err != nil {
		k.fail("listen", "listen %v", err)
	}
	k.tls()
	for i, host := range c.Hosts {
		if _, err := server.ParseHosts([]string{host}); err != nil {
			k.failItem("hosts", i, "hosts %v", err)
		}
	}
	k.networks("trusted-proxies", c.TrustedProxies)
	k.networks("surrogates", c.Surrogates)
	k.surrogates()
	k.oneOf("early-hints", c.EarlyHints, "auto", "always", "never")
	k.oneOf("log-level", c.LogLevel, "debug", "info", "warn", "error")
	if c.Log != "" {
		k.oneOf("log", c.Log, "text", "json")
	}
	k.atLeast("max-in-flight", c.MaxInFlight, 1)
	for key, limit := range map[string]int{
		"live-per-session": c.LivePerSession, "live-per-address": c.LivePerAddress, "live-views": c.LiveViews, "live-accepts": c.LiveAccepts,
	} {
		k.atLeast(key, limit, 0)
	}
	if c.DrainDelay < 0 {
		k.fail("drain-delay", "drain-delay is a time from 0, as in 10s, and not %s", c.DrainDelay)
	}
	if c.ShutdownTimeout < 0 {
		k.fail("shutdown-timeout", "shutdown-timeout is a time from 0, as in 10s, and not %s", c.ShutdownTimeout)
	}
	k.oneOf("policy.frame", strings.ToLower(c.Policy.Frame), "deny", "sameorigin", "off")
	k.adminToken()
	k.key()
	k.cookies("session-cookie", []string{c.SessionCookie})
}

// minKey is the least length of a key, in bytes.
const minKey = 16

// key checks the key of sessions and page tokens.
func (k *checker) key() {
	key, err := k.config.Key.Value()
	if err == nil && key != "" && len(key) < minKey {
		err = fmt.Errorf("a key has at least %d bytes, and not %d", minKey, len(key))
	}
	if err != nil {
		k.fail("key", "key: %v", err)
	}
}

// adminToken checks the token of the operator.
func (k *checker) adminToken() {
	token, err := k.config.AdminToken.Value()
	if err == nil && token != "" {
		_, err = server.NewBearerToken(token)
	}
	if err != nil {
		k.fail("admin-token", "admin-token: %v", err)
	}
}

// tls checks the certificate and its key.
func (k *checker) tls() {
	t := k.config.TLS
	if (t.Cert == "") != (t.Key == "") {
		k.fail("tls", "tls has both cert and key, or neither")
		return
	}
	if t.Cert == "" {
		return
	}
	missing := false
	for key, name := range map[string]string{"tls.cert": t.Cert, "tls.key": t.Key} {
		if _, err := os.Stat(k.config.Path(name)); err != nil {
			k.fail(key, "%s: %v", key, pathReason(err, name))
			missing = true
		}
	}
	if missing {
		return
	}
	if _, err := tls.LoadX509KeyPair(k.config.Path(t.Cert), k.config.Path(t.Key)); err != nil {
		k.fail("tls.cert", "tls.cert: %s with the key %s: %v", t.Cert, t.Key, err)
	}
}

// pathReason returns the reason of an error of the file system, with the path as it was
// written.
func pathReason(err error, name string) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Errorf("%s: %w", name, err)
}

// checkListen checks an address to listen on.
func checkListen(listen string) error {
	if path, ok := strings.CutPrefix(listen, "unix:"); ok && path != "" {
		return nil
	}
	_, port, err := net.SplitHostPort(listen)
	if err != nil || port != "0" && !isPort(port) {
		return fmt.Errorf("%q is no address with a port, as in 127.0.0.1:8080, :8080 or unix:/run/selvedge.sock", listen)
	}
	return nil
}

// isPort reports whether s is the number of a port above 0.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// composer checks the settings of the composer.
func (k *checker) composer() {
	c := k.config
	if c.CacheSize < 0 || c.CacheSize > MaxCache {
		k.fail("cache-size", "cache-size is a number of MiB from 0 to %d, and not %d", MaxCache, c.CacheSize)
	}
	if c.Memory < 0 || c.Memory > MaxCache {
		k.fail("memory", "memory is a number of MiB from 0 to %d, and not %d", MaxCache, c.Memory)
	}
	if c.PageTimeout <= 0 {
		k.fail("page-timeout", "page-timeout is a time above 0, as in 10s, and not %s", c.PageTimeout)
	}
	if c.OriginTimeout <= 0 {
		k.fail("origin-timeout", "origin-timeout is a time above 0, as in 10s, and not %s", c.OriginTimeout)
	}
	for key, names := range map[string][]string{"cookies": c.Cookies, "set-cookies": c.SetCookies, "esi-cookies": c.ESICookies} {
		k.cookies(key, names)
	}
	k.headers("headers", c.Headers)
	for i, mediaType := range c.ESITypes {
		if _, err := ParseTypes([]string{mediaType}); err != nil {
			k.failItem("esi-types", i, "esi-types %v", err)
		}
	}
	if _, err := address.NewAllowList(c.AllowHosts); err != nil {
		k.fail("allow-hosts", "%v", err)
	}
	if c.Origin != "" {
		if _, err := ParseOrigin(c.Origin); err != nil {
			k.fail("origin", "%v", err)
		}
	}
}

// cookies checks the names of cookies.
func (k *checker) cookies(key string, names []string) {
	for i, name := range names {
		if (name != "*" || key == "session-cookie") && (&http.Cookie{Name: name}).Valid() != nil {
			k.failItem(key, i, "%s %q is no name of a cookie", key, name)
		}
	}
}

// headers checks the names of header fields.
func (k *checker) headers(key string, names []string) {
	for i, name := range names {
		if _, err := header.ForwardableFields([]string{name}); err != nil {
			k.failItem(key, i, "%v", err)
		}
	}
}

// failItem adds a mistake at an item of a list.
func (k *checker) failItem(key string, i int, format string, args ...any) {
	item := fmt.Sprintf("%s[%d]", key, i)
	if _, ok := k.config.positions[item]; ok {
		key = item
	}
	k.fail(key, format, args...)
}

// networks checks a list of networks.
func (k *checker) networks(key string, values []string) {
	for i, value := range values {
		if _, err := ParseNetworks([]string{value}); err != nil {
			k.failItem(key, i, "%s %v", key, err)
		}
	}
}

// surrogates checks that no address is both a surrogate's and a trusted proxy's. A
// surrogate is recognized by its address, and the requests of a trusted proxy have the
// address of the visitor instead.
func (k *checker) surrogates() {
	trusted, _ := ParseNetworks(k.config.TrustedProxies)
	surrogates, _ := ParseNetworks(k.config.Surrogates)
	for _, network := range trusted {
		if slices.ContainsFunc(surrogates, network.Overlaps) {
			k.fail("surrogates", "surrogates has addresses of the trusted proxy %s, and one address cannot be both", network)
		}
	}
}

// ParseNetworks reads networks, such as 10.0.0.0/8. A single address is a network too.
func ParseNetworks(values []string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, value := range values {
		network, err := netip.ParsePrefix(value)
		if addr, addrErr := netip.ParseAddr(value); addrErr == nil && addr.Zone() == "" {
			network, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no network, as in 10.0.0.0/8, and no address", value)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

// ParseTypes reads media types, without parameters.
func ParseTypes(values []string) ([]string, error) {
	var types []string
	for _, value := range values {
		mediaType, parameters, err := mime.ParseMediaType(value)
		if err != nil || len(parameters) > 0 || !strings.Contains(mediaType, "/") {
			return nil, fmt.Errorf("%q is no media type, as in text/plain", value)
		}
		types = append(types, mediaType)
	}
	return types, nil
}

// ParseOrigin reads the address of an origin.
func ParseOrigin(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.Port() != "" && !isPort(u.Port()):
		return nil, fmt.Errorf("%q is no origin: it has to be http or https with a host, as in http://127.0.0.1:9000", s)
	case u.User != nil:
		return nil, errors.New("an origin has no user or password in its address")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q is more than an origin: leave out what follows the host", s)
	}
	return u, nil
}

// fragments checks the fragments.
func (k *checker) fragments() {
	for _, name := range k.config.fragmentNames() {
		f, key := k.config.Fragments[name], "fragments."+name
		source := registry.Source{Handler: http.NotFoundHandler()}
		if f.URL != "" {
			u, err := url.Parse(f.URL)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				k.failEntry(key, "url", "%q is no address of the fragment %s, as in http://127.0.0.1:8091", f.URL, name)
				continue
			}
			source = registry.Source{URL: u}
		}
		if err := registry.New().Add(name, "", source); err != nil {
			k.failEntry(key, "url", "%v", err)
		}
		if f.Timeout < 0 {
			k.fail(key+".timeout", "the timeout of %s is a time above 0, as in 300ms, and not %s", name, f.Timeout)
		}
		k.cookies(key+".cookies", f.Cookies)
		k.cookies(key+".set-cookies", f.SetCookies)
		k.headers(key+".headers", f.Headers)
		k.fragmentPolicy(key+".policy", f.Policy)
		k.command(name, f)
	}
}

// fragmentPolicy checks the hosts that a fragment may add to the policy.
func (k *checker) fragmentPolicy(key string, policy map[string][]string) {
	for _, directive := range slices.Sorted(maps.Keys(policy)) {
		at := key + "." + directive
		if known := csp.HostDirectives(); !slices.Contains(known, directive) {
			k.fail(at, "%q is no directive that a fragment may add hosts to: %s%s", directive, strings.Join(known, ", "), suggestion(directive, known))
			continue
		}
		for i, host := range policy[directive] {
			if !csp.IsHost(host) {
				k.failItem(at, i, "%s: %q names no host, as in https://cdn.example or https://*.cdn.example", at, host)
			}
		}
	}
}

// failEntry adds a mistake at a key of an entry, or at the entry if the key is not written.
func (k *checker) failEntry(entry, key, format string, args ...any) {
	if _, ok := k.config.positions[entry+"."+key]; ok {
		entry += "." + key
	}
	k.fail(entry, format, args...)
}

// pages checks the pages, and the paths of REST.
func (k *checker) pages() {
	routes := &routeChecker{}
	for _, page := range k.config.Pages {
		key := "pages." + page.Pattern
		if err := routes.add("the page "+page.Pattern, http.MethodGet+" ", page.Pattern); err != nil {
			k.fail(key, "%v", err)
			continue
		}
		k.template(key, page.Template, wildcardsOf(page.Pattern))
	}
	for _, name := range k.config.fragmentNames() {
		key := "fragments." + name + ".api"
		for i, path := range k.config.Fragments[name].API {
			if strings.ContainsAny(path, "{}") {
				k.failItem(key, i, "%q is no path, as in /api/comments or /api/comments/*", path)
				continue
			}
			if err := routes.add("the path "+path+" of "+name, "", APIPattern(path)); err != nil {
				k.failItem(key, i, "%v", err)
			}
		}
	}
}

// template checks the template of a page, with the wildcards that the page has. Nil is any
// wildcards.
func (k *checker) template(key, text string, wildcards []string) {
	t, err := k.config.Template(text)
	if err != nil {
		k.fail(key, "%v", err)
		return
	}
	if t.File != "" {
		if _, err := os.Stat(k.config.Path(t.File)); err != nil {
			k.fail(key, "the template %v", pathReason(err, t.File))
		}
	}
	for _, name := range t.Wildcards() {
		if wildcards != nil && !slices.Contains(wildcards, name) {
			k.fail(key, "%q: the path of the page has no {%s}%s", text, name, suggestion(name, wildcards))
		}
	}
}

// slots checks the slots.
func (k *checker) slots() {
	for _, name := range slices.Sorted(maps.Keys(k.config.Slots)) {
		key := "slots." + name
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			k.fail(key, "slot %q: a name has small letters, digits and hyphens", name)
		}
		for i, text := range k.config.Slots[name] {
			t, err := k.config.Template(text)
			if err == nil && t.File != "" {
				err = fmt.Errorf("%q: a slot has fragments, and no files", text)
			}
			if err != nil {
				k.failItem(key, i, "%v", err)
			}
		}
	}
}

// ownTemplates checks the templates of the site's own pages, those of errors among them.
func (k *checker) ownTemplates() {
	c := k.config
	for key, text := range map[string]string{"errors.not-found": c.Errors.NotFound, "errors.error": c.Errors.Error, "frame": c.Frame} {
		if text != "" {
			k.template(key, text, []string{})
		}
	}
}
