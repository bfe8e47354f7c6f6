package config

import (
	"time"
)

// Config is a configuration file. Its zero value lacks the defaults: use [New], [Load] or
// [Parse]. [Config.Check] says whether its values fit together.
//
// The tags of a field are
//
//   - key: the name in the file;
//   - flag: the name of the flag; by default the path of keys, joined by hyphens;
//   - default: the default, as written in the file;
//   - doc: the meaning, without a final period;
//   - restart: the value cannot change while the site is served.
type Config struct {
	Listen          string        `key:"listen" default:"127.0.0.1:8080" restart:"true" doc:"address to listen on, as host:port or unix:PATH; port 0 takes a free one; sockets from systemd (LISTEN_FDS) take its place"`
	TLS             TLS           `key:"tls" doc:"certificate of the site; with it the site is served over HTTPS, HTTP/2 and WSS, and plain HTTP at the same port is redirected"`
	Hosts           []string      `key:"hosts" flag:"host" doc:"names that requests may be for, on any port; without any: every name"`
	TrustedProxies  []string      `key:"trusted-proxies" flag:"trusted-proxy" restart:"true" doc:"networks of proxies in front, such as 10.0.0.0/8, that are believed what X-Forwarded-For and X-Forwarded-Proto say of a visitor, and X-Request-Id of a request"`
	EarlyHints      string        `key:"early-hints" default:"auto" doc:"103 Early Hints: auto, over HTTP/2 and later; always, also over HTTP/1.1 where nothing speaks of a proxy, at your own risk: nginx before 1.29 does not say that it is there, and breaks pages with a 103; never"`
	MaxInFlight     int           `key:"max-in-flight" default:"128" doc:"requests to one fragment, or to the origin, at a time; more wait for their turn. One visitor's address has a quarter of them at most, and a quarter as many again are for uploads that are still coming"`
	DrainDelay      time.Duration `key:"drain-delay" default:"0s" restart:"true" doc:"time for load balancers to see that the server is not ready any more, before it stops to listen"`
	ShutdownTimeout time.Duration `key:"shutdown-timeout" default:"10s" restart:"true" doc:"time for running requests after that; those that take longer are cut off"`
	AdminToken      Secret        `key:"admin-token" doc:"bearer token of at least 16 bytes for POST /-/invalidate and ?selvedge=debug, or file:PATH, or env:NAME; without it nobody may"`
	Key             Secret        `key:"key" restart:"true" doc:"secret of at least 16 bytes that signs sessions and page tokens, or file:PATH, or env:NAME. Processes that serve one site need the same, and a process before and after a restart; without it the sessions of visitors end with the process"`
	SessionCookie   string        `key:"session-cookie" default:"selvedge-session" restart:"true" doc:"cookie of a visitor's session, under which fragments receive its id, without the signature"`
	Dev             bool          `key:"dev" doc:"for development: show visitors what goes wrong: a message in place of each failed include, the hosts of includes in Server-Timing, and the includes of a page that is requested with ?selvedge=debug (without dev, the last needs the admin-token, as Authorization: Bearer TOKEN); look for other versions of fragments twice a second, and load open pages again for them"`

	Fragments map[string]Fragment `key:"fragments" flag:"fragment" doc:"fragments by name, each with the URL of its source"`
	Pages     Pages               `key:"pages" flag:"page" doc:"pages by path, as patterns of net/http.ServeMux, each with its template: NAME/PATH of a fragment, or a file beside this one. {value} in it is the part of the path with that name"`
	Slots     map[string][]string `key:"slots" flag:"slot" doc:"fragments that stand, in this order, where a template includes /-/slots/NAME"`

	Origin        string        `key:"origin" doc:"server of all paths that nothing else claims, as http://127.0.0.1:9000"`
	OriginTimeout time.Duration `key:"origin-timeout" default:"1m" doc:"time until the origin begins to answer"`

	Errors ErrorTemplates `key:"errors" doc:"templates of error pages, as NAME/PATH of a fragment or a file; they include /-/title and /-/answer"`
	Frame  string         `key:"frame" doc:"template of the site's own pages, such as the list of fragments at /fragments/"`
	Policy Policy         `key:"policy" doc:"security header fields of all responses but the origin's; off leaves a field out, and that of a template stands"`

	Live           string   `key:"live" default:"manual" doc:"manual: a page is live where its template says <esi:vars>$(SELVEDGE_LIVE)</esi:vars>; auto: every page is live; off: none is"`
	LivePerSession int      `key:"live-per-session" default:"20" restart:"true" doc:"live connections of one session; 0: no limit"`
	LivePerAddress int      `key:"live-per-address" default:"200" restart:"true" doc:"live connections of one IPv4 address or IPv6 /64 network; 0: no limit"`
	LiveViews      int      `key:"live-views" default:"64" restart:"true" doc:"fragments that one live connection follows; 0: no limit"`
	LiveAccepts    int      `key:"live-accepts" default:"0" restart:"true" doc:"live connections accepted in a second; 0: no limit"`
	LiveOrigins    []string `key:"live-origins" flag:"live-origin" restart:"true" doc:"other origins whose pages may connect, as https://shop.example"`

	CacheSize               int           `key:"cache-size" default:"64" doc:"memory for stored responses, in MiB; in all the process takes up to 3 times as much and 64 MiB, or what memory says; 0: nothing is stored"`
	Memory                  int           `key:"memory" default:"0" restart:"true" doc:"limit of the memory of the process, in MiB, which it collects garbage to stay below; 0: 90 % of its cgroup's"`
	PageTimeout             time.Duration `key:"page-timeout" default:"30s" doc:"time for a document, with all that it includes"`
	NoGzip                  bool          `key:"no-gzip" doc:"do not compress pages"`
	Cookies                 []string      `key:"cookies" flag:"cookie" doc:"cookies of a visitor that requests of fragments carry beside the session, or '*'"`
	Headers                 []string      `key:"headers" flag:"header" doc:"header fields of a visitor, such as Authorization, that fragments receive"`
	SetCookies              []string      `key:"set-cookies" flag:"set-cookie" doc:"cookies that includes may set, or '*'"`
	ESICookies              []string      `key:"esi-cookies" flag:"esi-cookie" doc:"cookies that templates may show, or '*'"`
	ESITypes                []string      `key:"esi-types" flag:"esi-type" doc:"media types that are read as ESI too if they opt in, such as text/plain"`
	ESIAlias                bool          `key:"esi-alias" doc:"let Edge-Control: dca=esi and X-Esi: 1 opt in as Surrogate-Control does"`
	AllowHosts              []string      `key:"allow-hosts" flag:"allow-host" doc:"hosts that includes of the origin's pages reach too, such as example.com:8443, *.example.com or 10.0.0.5"`
	Surrogates              []string      `key:"surrogates" flag:"surrogate" doc:"networks of composers that say they read ESI, and are handed the origin's templates as they are"`
	ObeyRequestCacheControl bool          `key:"obey-request-cache-control" doc:"fetch a document again if a visitor's Cache-Control says no-cache, no-store, max-age or min-fresh, or Pragma says no-cache; by default they are ignored, because any visitor could load the origin with them"`

	Log      string `key:"log" restart:"true" doc:"text or json; by default text on a terminal and JSON otherwise"`
	LogLevel string `key:"log-level" default:"info" restart:"true" doc:"what is logged: debug, info, warn or error"`
	LogQuery bool   `key:"log-query" restart:"true" doc:"log the values of query parameters too, and not only their names"`
	Quiet    bool   `key:"quiet" restart:"true" doc:"log what goes wrong, and not every request, as log-level warn does"`

	file      string              // the path of the file; empty: there is none
	positions map[string]position // of keys and values in the file, by path
}

// TLS is the certificate of a site.
type TLS struct {
	Cert string `key:"cert" doc:"file of the certificate, with the certificates that lead to it, in PEM; it is read again when it changes"`
	Key  string `key:"key" doc:"file of the private key, in PEM"`
}

// Fragment is one fragment of a site. In the file it is a mapping, or its URL alone.
type Fragment struct {
	URL        string        `key:"url" doc:"base URL of the source; without it, the program itself has the fragment"`
	Timeout    time.Duration `key:"timeout" doc:"time that a page waits for the fragment; by default a second"`
	Cookies    []string      `key:"cookies" doc:"cookies that its requests carry; by default those of the site"`
	Headers    []string      `key:"headers" doc:"header fields that it receives; by default those of the site"`
	SetCookies []string      `key:"set-cookies" doc:"cookies that its responses may set, those to forms and calls too; by default none but those of the site"`
	API        []string      `key:"api" doc:"paths of the site that are the fragment's, for REST, such as /api/comments/*"`

	Policy  map[string][]string `key:"policy" doc:"hosts, by directive, that the manifest of the fragment may add to the content-security-policy of the site, as in img-src: [https://cdn.example]; with https://*.cdn.example also the names below it"`
	Command Command             `key:"command" doc:"command that starts its server, for selvedge dev alone: a list of words, or a text for the shell; PORT in its environment is the port of url"`
	Dir     string              `key:"dir" doc:"working directory of the command, whose files are watched; by default the folder of this file"`
	Watch   []string            `key:"watch" doc:"names of the files whose changes start the command again, such as *.py; by default all but those of editors, package managers, builds and databases; []: none, for a command that does so itself"`
}

// ErrorTemplates are the templates of error pages.
type ErrorTemplates struct {
	NotFound string `key:"not-found" doc:"template of the page for 404"`
	Error    string `key:"error" doc:"template of the page for all further errors"`
}

// Policy is the security header fields of responses. The values are those of the fields.
// They take the place of the fields of fragments. The value off leaves a field out, so that
// the field of a page's template stands.
type Policy struct {
	ContentSecurityPolicy     string `key:"content-security-policy" default:"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" doc:"which files a page may load (Content Security Policy Level 3)"`
	Frame                     string `key:"frame" default:"deny" doc:"X-Frame-Options: deny, sameorigin or off"`
	Referrer                  string `key:"referrer-policy" default:"same-origin" doc:"how much of an address other sites see"`
	Permissions               string `key:"permissions-policy" default:"camera=(), geolocation=(), microphone=()" doc:"what pages may use of the device"`
	CrossOriginOpenerPolicy   string `key:"cross-origin-opener-policy" default:"same-origin" doc:"which windows may reach each other"`
	CrossOriginResourcePolicy string `key:"cross-origin-resource-policy" default:"same-origin" doc:"which sites may load files"`
	StrictTransportSecurity   string `key:"strict-transport-security" default:"max-age=31536000" doc:"how long browsers use HTTPS alone; sent over HTTPS only"`
}

// Page is one page of a site.
type Page struct {
	Pattern  string // a path, as in /blog/{slug}
	Template string // as in shell/post?slug={slug}
}

// Pages are the pages of a site, in the order of the file.
type Pages []Page

// New returns a configuration with all defaults, and without fragments and pages.
func New() *Config {
	c := new(Config)
	for _, s := range allSettings {
		if s.Default != "" {
			if err := c.Set(s.Key, []string{s.Default}); err != nil {
				panic("config: default of " + s.Key + ": " + err.Error()) // held by a test
			}
		}
	}
	return c
}

// File returns the path of the file, or nothing for a configuration made otherwise.
func (c *Config) File() string { return c.file }
