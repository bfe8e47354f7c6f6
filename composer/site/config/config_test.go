package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"selvedge/composer/site/config"
)

// whole is a file with every form of value.
const whole = `
listen: :8080
hosts: [shop.example]
page-timeout: 5s
cache-size: 0
no-gzip: true
fragments:
  shell: http://127.0.0.1:7001
  related:
  comments:
    url: http://127.0.0.1:7002/base
    timeout: 300ms
    cookies: [session, user]
    headers: [X-Currency]
    set-cookies: [user]
    api: ["/api/comments/*", /api/counts]
    command: [python3, comments.py]
    dir: comments
    watch: ["*.py"]
  notes: {url: http://127.0.0.1:7003, command: npm start}
pages:
  /: shell/home
  /blog/{slug}: shell/post?slug={slug}
  /docs/{path...}: shell/doc?path={path}
  /shop/: shell@^1.2/shop
slots:
  post-extras:
    - related/posts?slug={slug}
    - comments/thread?slug={slug}
  footer: shell/footer
origin: http://127.0.0.1:9000
errors: { not-found: shell/not-found, error: shell/error }
policy: { content-security-policy: "default-src 'self'", frame: off }
live: auto
`

func TestAFileWithEveryFormOfValue(t *testing.T) {
	c, err := config.Parse("site.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Listen": ":8080", "Hosts": []string{"shop.example"}, "PageTimeout": 5 * time.Second, "CacheSize": 0, "NoGzip": true,
		"Fragments": map[string]config.Fragment{
			"shell": {URL: "http://127.0.0.1:7001"}, "related": {},
			"comments": {
				URL: "http://127.0.0.1:7002/base", Timeout: 300 * time.Millisecond, Cookies: []string{"session", "user"},
				Headers: []string{"X-Currency"}, SetCookies: []string{"user"}, API: []string{"/api/comments/*", "/api/counts"},
				Command: config.Command{"python3", "comments.py"}, Dir: "comments", Watch: []string{"*.py"},
			},
			"notes": {URL: "http://127.0.0.1:7003", Command: config.Command{"sh", "-c", "npm start"}},
		},
		"Pages": config.Pages{
			{Pattern: "/", Template: "shell/home"}, {Pattern: "/blog/{slug}", Template: "shell/post?slug={slug}"},
			{Pattern: "/docs/{path...}", Template: "shell/doc?path={path}"}, {Pattern: "/shop/", Template: "shell@^1.2/shop"},
		},
		"Slots":  map[string][]string{"post-extras": {"related/posts?slug={slug}", "comments/thread?slug={slug}"}, "footer": {"shell/footer"}},
		"Origin": "http://127.0.0.1:9000", "Errors": config.ErrorTemplates{NotFound: "shell/not-found", Error: "shell/error"},
		"Live": "auto", "MaxInFlight": 128, "ShutdownTimeout": 10 * time.Second, "LogLevel": "info",
	}
	for field, value := range want {
		if diff := cmp.Diff(value, reflect.ValueOf(c).Elem().FieldByName(field).Interface()); diff != "" {
			t.Errorf("%s: -want +got\n%s", field, diff)
		}
	}
	if c.Policy.ContentSecurityPolicy != "default-src 'self'" || c.Policy.Frame != "off" || c.Policy.Referrer != "same-origin" {
		t.Errorf("the policy is %+v", c.Policy)
	}
}

// mistakes are broken files, each with its messages after "site.yaml:".
var mistakes = []struct{ name, file, want string }{
	{"a misspelled key", "listen: :8080\nfragmnets: {}\norigin: http://a\n", `2:1: unknown key "fragmnets"; did you mean "fragments"?`},
	{"a key of nothing", "zebra: 1\norigin: http://a\n", `1:1: unknown key "zebra"`},
	{"a misspelled key of a fragment", "origin: http://a\nfragments:\n  cart:\n    url: http://a\n    timout: 1s\n", `5:5: unknown key "timout"; did you mean "timeout"?`},
	{"a misspelled key of the policy", "origin: http://a\npolicy: {frme: deny}\n", `2:10: unknown key "frme"; did you mean "frame"?`},
	{"a key twice", "origin: http://a\norigin: http://b\n", `2:1: "origin" stands here a second time; the first is in line 1`},
	{"a fragment twice", "origin: http://a\nfragments:\n  a: http://a\n  a: http://b\n", `4:3: "a" stands here a second time; the first is in line 3`},
	{"a page twice", "fragments: {a: http://a}\npages:\n  /x: a/x\n  /x: a/y\n", `4:3: "/x" stands here a second time; the first is in line 3`},
	{"a list for the file", "- a\n", `1:1: a configuration is keys with values, as in "listen: :8080", and not a list`},
	{"a word for the file", "hello\n", `1:1: a configuration is keys with values, as in "listen: :8080", and not "hello"`},
	{"an empty file", "", ` a site has pages, or an origin`},
	{"comments alone", "# nothing\n", ` a site has pages, or an origin`},
	{"no pages", "listen: :80\n", ` a site has pages, or an origin`},
	{"a tab", "fragments:\n\ta: http://a\n", `2:1: found character that cannot start any token; lines are indented by spaces, and not by tabs`},
	{"an open bracket", "hosts: [a\n", `2:1: did not find expected ',' or ']'; a value with { or } inside [ ] or { } has to stand in quotes`},
	{"braces in brackets", "slots:\n  a: [b/c?x={y}]\n", `2:13: did not find expected ',' or ']'; a value with { or } inside [ ] or { } has to stand in quotes`},
	{"an open quote", "origin: 'http://a\n", `2:1: found unexpected end of stream`},
	{"a colon in a value", "origin: a: b\n", `1:10: mapping values are not allowed in this context`},
	{"two documents", "origin: http://a\n---\norigin: http://b\n", `2:1: a configuration is one document, and here begins a second`},
	{"a yes for a text", "listen: true\norigin: http://a\n", `1:9: listen is a text, and not "true"`},
	{"a word for a number", "origin: http://a\nmax-in-flight: many\n", `2:16: max-in-flight is a number, as in 64, and not "many"`},
	{"a fraction for a number", "origin: http://a\ncache-size: 1.5\n", `2:13: cache-size is a number, as in 64, and not "1.5"`},
	{"a word for a switch", "origin: http://a\nno-gzip: maybe\n", `2:10: no-gzip is true or false, and not "maybe"`},
	{"a number for a time", "origin: http://a\npage-timeout: 5\n", `2:15: page-timeout is a time, as in 300ms, 10s or 1m, and not "5"`},
	{"a list for a text", "listen: [a]\norigin: http://a\n", `1:9: listen is a text, and not a list`},
	{"a text for a list", "origin: http://a\nhosts: a\n", `2:8: hosts is a list, as in [a], and not "a"`},
	{"a mapping for a list", "origin: http://a\nhosts: {a: b}\n", `2:8: hosts is a list, as in [a, b], and not keys with values`},
	{"a list in a list", "origin: http://a\nhosts: [[a]]\n", `2:9: hosts has texts, and not a list; a text with { or } stands in quotes`},
	{"a text for a mapping", "origin: http://a\npolicy: strict\n", `2:9: policy is keys with values, and not "strict"`},
	{"a list for fragments", "origin: http://a\nfragments: [a]\n", `2:12: fragments is keys with values, and not a list`},
	{"a list for a fragment", "origin: http://a\nfragments: {a: [b]}\n", `2:16: fragments.a is an URL, or keys with values, and not a list`},
	{"a list for a page", "fragments: {a: http://a}\npages: {/: [a/x]}\n", `2:12: the page / has a template, as in shell/home or pages/about.html, and not a list`},
	{"nothing for a text", "listen:\norigin: http://a\n", `1:8: listen has no value; leave the key out for the default`},
	{"nothing for a page", "fragments: {a: http://a}\npages:\n  /:\n", `3:5: the page / has a template, as in shell/home or pages/about.html, and not nothing`},
	{"an address without a port", "listen: localhost\norigin: http://a\n", `1:9: listen "localhost" is no address with a port, as in 127.0.0.1:8080, :8080 or unix:/run/selvedge.sock`},
	{"a port that is none", "listen: :99999\norigin: http://a\n", `1:9: listen ":99999" is no address with a port, as in 127.0.0.1:8080, :8080 or unix:/run/selvedge.sock`},
	{"a host with a port", "hosts: [\"a:1\"]\norigin: http://a\n", `1:9: hosts "a:1" is no name or address of a host without a port, as in shop.example`},
	{"a network that is none", "trusted-proxies: [10.0.0.0/8, lb]\norigin: http://a\n", `1:31: trusted-proxies "lb" is no network, as in 10.0.0.0/8, and no address`},
	{"a surrogate that is trusted", "trusted-proxies: [10.0.0.0/8]\nsurrogates: [10.1.0.0/16]\norigin: http://a\n", `2:1: surrogates has addresses of the trusted proxy 10.0.0.0/8, and one address cannot be both`},
	{"hints at no time", "early-hints: sometimes\norigin: http://a\n", `1:14: early-hints is auto, always or never, and not "sometimes"`},
	{"a misspelled word", "live: aoto\norigin: http://a\n", `1:7: live is manual, auto or off, and not "aoto"; did you mean "auto"?`},
	{"a number below the least", "max-in-flight: 0\norigin: http://a\n", `1:16: max-in-flight is a number from 1, and not 0`},
	{"a number below nothing", "live-views: -1\norigin: http://a\n", `1:13: live-views is a number from 0, and not -1`},
	{"too large a cache", "cache-size: 2000000\norigin: http://a\n", `1:13: cache-size is a number of MiB from 0 to 1048576, and not 2000000`},
	{"no time for pages", "page-timeout: 0s\norigin: http://a\n", `1:15: page-timeout is a time above 0, as in 10s, and not 0s`},
	{"a time below nothing", "drain-delay: -1s\norigin: http://a\n", `1:14: drain-delay is a time from 0, as in 10s, and not -1s`},
	{"a level that is none", "log-level: loud\norigin: http://a\n", `1:12: log-level is debug, info, warn or error, and not "loud"`},
	{"a form of the log that is none", "log: xml\norigin: http://a\n", `1:6: log is text or json, and not "xml"`},
	{"a frame that is none", "policy: {frame: maybe}\norigin: http://a\n", `1:17: policy.frame is deny, sameorigin or off, and not "maybe"`},
	{"a short token", "admin-token: short\norigin: http://a\n", `1:14: admin-token: a bearer token has at least 16 bytes, and not 5`},
	{"a token in a missing file", "admin-token: file:/nowhere/token\norigin: http://a\n", `1:14: admin-token: open /nowhere/token: no such file or directory`},
	{"a token in a missing variable", "admin-token: env:NOWHERE\norigin: http://a\n", `1:14: admin-token: the environment has no variable NOWHERE`},
	{"a session's cookie that is none", "session-cookie: a b\norigin: http://a\n", `1:17: session-cookie "a b" is no name of a cookie`},
	{"a short key", "key: short\norigin: http://a\n", `1:6: key: a key has at least 16 bytes, and not 5`},
	{"a certificate without a key", "tls: {cert: a.pem}\norigin: http://a\n", `1:1: tls has both cert and key, or neither`},
	{"a certificate that is missing", "tls: {cert: a.pem, key: a.pem}\norigin: http://a\n", `1:13: tls.cert: a.pem: no such file or directory` + "\n" + `1:25: tls.key: a.pem: no such file or directory`},
	{"a cookie that is none", "cookies: [a, b=c]\norigin: http://a\n", `1:14: cookies "b=c" is no name of a cookie`},
	{"a directive that is none", "origin: http://a\nfragments:\n  a: {url: \"http://a\", policy: {image-src: [\"https://a\"]}}\n", `3:33: "image-src" is no directive that a fragment may add hosts to: connect-src, font-src, form-action, frame-src, img-src, media-src, script-src, style-src, worker-src; did you mean "img-src"?`},
	{"a keyword of a policy for a fragment", "origin: http://a\nfragments:\n  a: {url: \"http://a\", policy: {img-src: [https://a, \"'unsafe-inline'\"]}}\n", `3:54: fragments.a.policy.img-src: "'unsafe-inline'" names no host, as in https://cdn.example or https://*.cdn.example`},
	{"a cookie of a fragment that is none", "origin: http://a\nfragments:\n  a: {url: \"http://a\", set-cookies: [\"b;c\"]}\n", `3:38: fragments.a.set-cookies "b;c" is no name of a cookie`},
	{"a header field that is none", "headers: [a b]\norigin: http://a\n", `1:11: "a b" is no name of a header field`},
	{"a header field of connections", "headers: [Connection]\norigin: http://a\n", `1:11: the header field Connection cannot be handed on with an include`},
	{"a media type that is none", "esi-types: [text]\norigin: http://a\n", `1:13: esi-types "text" is no media type, as in text/plain`},
	{"an origin without a scheme", "origin: localhost:9000\n", `1:9: "localhost:9000" is no origin: it has to be http or https with a host, as in http://127.0.0.1:9000`},
	{"an origin with a path", "origin: http://a/b\n", `1:9: "http://a/b" is more than an origin: leave out what follows the host`},
	{"an origin with a password", "origin: http://u:secret@a\n", `1:9: an origin has no user or password in its address`},
	{"a fragment's name that is none", "origin: http://a\nfragments: {Cart: http://a}\n", `2:19: fragment "Cart": a name has 1 to 64 small letters, digits and hyphens, and begins with no hyphen`},
	{"a fragment's address that is none", "origin: http://a\nfragments: {cart: 127.0.0.1}\n", `2:19: "127.0.0.1" is no address of the fragment cart, as in http://127.0.0.1:8091`},
	{"a fragment's address with a query", "origin: http://a\nfragments: {cart: \"http://a/?b\"}\n", `2:19: fragment cart: "http://a/?b" is no http or https URL to which a path can be appended`},
	{"a page of no fragment", "fragments: {shell: http://a}\npages: {/: shel/home}\n", `2:12: "shel/home": there is no fragment "shel"; did you mean "shell"?`},
	{"a page without a slash", "fragments: {a: http://a}\npages: {x: a/x}\n", `2:12: "x" is no path: a path begins with a slash, as in /blog/{slug}`},
	{"a page of the server's", "fragments: {a: http://a}\npages: {/-/x: a/x}\n", `2:15: "/-/x": paths below /-/ are the server's own`},
	{"a page of fragments'", "fragments: {a: http://a}\npages: {/fragments/x: a/x}\n", `2:23: "/fragments/x": paths below /fragments/ are those of fragments`},
	{"a page with a query", "fragments: {a: http://a}\npages: {/x?y: a/x}\n", `2:15: "/x?y" is no path, as in /blog/{slug}`},
	{"a page that is no pattern", "fragments: {a: http://a}\npages:\n  /x{y}: a/x\n", `3:10: "/x{y}" is no pattern of net/http.ServeMux, as in /blog/{slug} or /docs/{path...}`},
	{"two pages with paths in common", "fragments: {a: http://a}\npages:\n  /{x}/b: a/x\n  /b/{y}: a/x\n", `4:11: the page /b/{y} and the page /{x}/b have paths in common, and neither is the more specific`},
	{"two pages with the same paths", "fragments: {a: http://a}\npages:\n  /b/{x}: a/x\n  /b/{y}: a/x\n", `4:11: the page /b/{y} and the page /b/{x} have paths in common, and neither is the more specific`},
	{"a page and a path of REST", "fragments: {a: {url: http://a, api: [\"/{x}/b\"]}}\npages:\n  /b: a/x\n", `1:38: "/{x}/b" is no path, as in /api/comments or /api/comments/*`},
	{"a path of REST twice", "origin: http://a\nfragments:\n  a: {url: \"http://a\", api: [/x]}\n  b: {url: \"http://b\", api: [/x]}\n", `4:30: the path /x of b and the path /x of a have paths in common, and neither is the more specific`},
	{"a value that the path has not", "fragments: {a: http://a}\npages:\n  /b/{slug}: a/x?s={slog}\n", `3:14: "a/x?s={slog}": the path of the page has no {slog}; did you mean "slug"?`},
	{"a file that is missing", "pages: {/about: pages/about.html}\n", `1:17: the template pages/about.html: no such file or directory`},
	{"a file outside of the folder", "pages: {/about: ../about.html}\n", `1:17: "../about.html" is outside of the folder of the configuration`},
	{"a file with a query", "pages: {/about: about.html?x}\n", `1:17: "about.html?x": a file has no query; it has the values of the path as $(SELVEDGE_PATH{name})`},
	{"a constraint that is none", "fragments: {a: http://a}\npages: {/: a@x.y/z}\n", `2:12: "a@x.y/z": `},
	{"a slot of no fragment", "origin: http://a\nslots: {s: [b/c]}\n", `2:13: "b/c": there is no fragment "b"`},
	{"a slot of a file", "origin: http://a\nslots: {s: a.html}\n", `2:12: "a.html": a slot has fragments, and no files`},
	{"a slot's name that is none", "origin: http://a\nslots: {S_1: []}\n", `2:9: slot "S_1": a name has small letters, digits and hyphens`},
	{"a command of another form", "origin: http://a\nfragments:\n  a: {url: http://a, command: {x: y}}\n", `3:31: fragments.a.command is a list of words, as in [python3, comments.py], or a text for the shell, and not keys with values`},
	{"a command without a program", "origin: http://a\nfragments:\n  a:\n    url: http://a\n    command: []\n", `5:5: the command of a has no program`},
	{"a command without an address", "origin: http://a\nfragments:\n  a:\n    command: npm start\n", `4:14: the command of a needs the url`},
	{"a folder without a command", "origin: http://a\nfragments:\n  a: {url: http://a, dir: x}\n", `3:27: fragment a has no command, and dir is for one`},
	{"a pattern of files that is none", "origin: http://a\nfragments:\n  a: {url: http://a, command: x, watch: ['[']}\n", `3:42: "[" is no pattern of file names`},
	{"an error page of no fragment", "origin: http://a\nerrors: {not-found: b/c}\n", `2:21: "b/c": there is no fragment "b"`},
}

func TestAMistakeIsNamedWithItsPlace(t *testing.T) {
	if len(mistakes) < 60 {
		t.Errorf("there are %d kinds of broken files", len(mistakes))
	}
	for _, test := range mistakes {
		t.Run(test.name, func(t *testing.T) {
			_, err := config.Parse("site.yaml", []byte(test.file))
			if err == nil {
				t.Fatal("the file is read without an error")
			}
			got := strings.Split(err.Error(), "\n")
			want := strings.Split(test.want, "\n")
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], "site.yaml:")
			}
			if len(got) != len(want) {
				t.Fatalf("Parse = %q; want %q", got, want)
			}
			for i := range want {
				if !strings.HasPrefix(got[i], want[i]) {
					t.Errorf("Parse = %q; want %q", got[i], want[i])
				}
			}
		})
	}
}

func TestACertificateThatIsNoneIsNamed(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.pem", "b.pem"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("nothing\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := config.Parse(filepath.Join(folder, "site.yaml"), []byte("origin: http://a\ntls: {cert: a.pem, key: b.pem}\n"))
	if want := "site.yaml:2:13: tls.cert: a.pem with the key b.pem: "; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Parse = %v; want %q and the reason", err, want)
	}
}

func TestAllMistakesAreNamedAtOnce(t *testing.T) {
	_, err := config.Parse("site.yaml", []byte("listen: true\nzebra: 1\ncache-size: x\n"))
	var all config.Errors
	if !errors.As(err, &all) || len(all) != 3 {
		t.Fatalf("Parse = %v; want three mistakes", err)
	}
	var one *config.Error
	if !errors.As(err, &one) || one.File != "site.yaml" || one.Line != 1 || one.Column != 9 || one.Key != "listen" {
		t.Errorf("the first mistake is %+v", one)
	}
}

// A file that the loader takes is one that the schema takes, and a file whose form is wrong
// for the loader is wrong for the schema. Mistakes of meaning are the loader's alone.
func TestTheSchemaAndTheLoaderAgree(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	fits := func(file string) error {
		var value any
		if err := yaml.Load([]byte(file), &value); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(instance)
	}
	for _, file := range []string{whole, string(config.Default())} {
		if err := fits(file); err != nil {
			t.Errorf("the schema refuses a right file: %v", err)
		}
	}
	form := 0
	for _, test := range mistakes {
		isForm := strings.Contains(test.want, "unknown key") || strings.Contains(test.want, ", and not a list") || strings.Contains(test.want, " is a list, as in") ||
			strings.Contains(test.want, " is a number, as in") || strings.Contains(test.want, " is true or false") || strings.Contains(test.want, "keys with values, and not") ||
			strings.Contains(test.want, " is a text") || strings.Contains(test.want, " has no value") || strings.Contains(test.want, " is a list of words, as in") || strings.Contains(test.want, "is a time, as in")
		if !isForm {
			continue
		}
		form++
		if fits(test.file) == nil {
			t.Errorf("%s: the schema takes a file that the loader refuses", test.name)
		}
	}
	if form < 15 {
		t.Errorf("%d mistakes are of the form", form)
	}
}

func TestTheFileWithCommentsHasTheDefaults(t *testing.T) {
	got, err := config.Parse("site.yaml", config.Default())
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for line := range strings.Lines(string(config.Default())) {
		if rest, ok := strings.CutPrefix(line, "#"); ok && (strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "  ") || rest == "\n") {
			continue // a comment
		}
		all.WriteString(strings.TrimPrefix(line, "#"))
	}
	if _, err := config.Parse("site.yaml", []byte(all.String())); err == nil {
		t.Error("the file with all keys has no certificate and no origin, and is read") // they have no default
	}
	for _, s := range config.Settings() {
		if s.Key != "fragments" && s.Key != "pages" && !reflect.DeepEqual(got.Value(s), config.New().Value(s)) {
			t.Errorf("%s is %v in the file; want %v", s.Key, got.Value(s), config.New().Value(s))
		}
		key := s.Key[strings.LastIndexByte(s.Key, '.')+1:]
		if !strings.Contains(string(config.Default()), key+":") || s.Doc == "" {
			t.Errorf("the file with comments has no %s", s.Key)
		}
	}
}

func TestASecretIsNeverShown(t *testing.T) {
	const token = "a-token-of-16-bytes-and-more"
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("A_TOKEN", token)
	for _, text := range []string{token, "file:" + file, "env:A_TOKEN"} {
		c, err := config.Parse("site.yaml", []byte("origin: http://a\nadmin-token: "+text))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.AdminToken.Value(); got != token || err != nil {
			t.Errorf("%s: Value = %q, %v", text, got, err)
		}
		shown, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprintf("%v %+v %#v %s", c, c, c.AdminToken, shown); strings.Contains(all, token) {
			t.Errorf("%s: it is shown", text)
		}
	}
}

// Each setting can be set by its text, and takes the place of the file's value.
func TestASettingTakesThePlaceOfTheFile(t *testing.T) {
	texts := map[config.Kind][]string{
		config.Text: {"x"}, config.Number: {"7"}, config.Switch: {"true"}, config.Duration: {"7s"}, config.List: {"a", "b"},
	}
	entries := map[string][]string{"fragments": {"a=http://a"}, "pages": {"/x=a/x"}, "slots": {"s=a/x", "s=a/y"}}
	flags := make(map[string]bool)
	for _, s := range config.Settings() {
		c, err := config.Parse("site.yaml", []byte(whole))
		if err != nil {
			t.Fatal(err)
		}
		values := texts[s.Kind]
		if s.Kind == config.Map {
			values = entries[s.Key]
		}
		before := c.Value(s)
		if err := c.Set(s.Key, values); err != nil || reflect.DeepEqual(before, c.Value(s)) && s.Kind != config.Switch {
			t.Errorf("Set(%s, %q): %v, and the value is %v", s.Key, values, err, c.Value(s))
		}
		if s.Kind != config.Text && s.Kind != config.List {
			if err := c.Set(s.Key, []string{"?"}); err == nil {
				t.Errorf("Set(%s, ?) has no error", s.Key)
			}
		}
		if flags[s.Flag] {
			t.Errorf("two settings have the flag --%s", s.Flag)
		}
		flags[s.Flag] = true
	}
}

func TestAReferenceOfATemplate(t *testing.T) {
	c, err := config.Parse("site.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ template, value, want string }{
		{"shell/post?slug={slug}", "a", "/fragments/shell/post?slug=a"},
		{"shell/post?slug={slug}", "a b&c=d/e", "/fragments/shell/post?slug=a+b%26c%3Dd%2Fe"},
		{"shell/post/{slug}", "a b?c", "/fragments/shell/post/a%20b%3Fc"},
		{"shell/post/{slug}/x", "a/b", "/fragments/shell/post/a/b/x"},
		{"shell@^1.2/{slug}", "ü", "/fragments/shell@^1.2/%C3%BC"},
		{"shell/post/{slug}", "..", ""},
		{"shell/post/{slug}", "a/../b", ""},
		{"shell/post?slug={slug}", ".", ""},
	}
	for _, test := range tests {
		template, err := c.Template(test.template)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := template.Reference(func(string) string { return test.value })
		if got != test.want || ok != (test.want != "") {
			t.Errorf("the reference of %s with %q is %q; want %q", test.template, test.value, got, test.want)
		}
	}
}

func ExampleParse() {
	_, err := config.Parse("site.yaml", []byte("listen: :8080\nfragmnets:\n  shell: http://127.0.0.1:7001\n"))
	fmt.Println(err)
	// Output: site.yaml:2:1: unknown key "fragmnets"; did you mean "fragments"?
}

// A flag takes the place of a value in the file with its place, and the file need not be
// whole before.
func TestAMistakeOfASettingHasNoPlaceInTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "site.yaml")
	if err := os.WriteFile(file, []byte("cookies: [a]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(file); err == nil {
		t.Error("Load takes a file without pages")
	}
	c, err := config.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"origin": "http://127.0.0.1:9000", "cookies": "b;c"} {
		if err := c.Set(key, []string{value}); err != nil {
			t.Fatal(err)
		}
	}
	var all config.Errors
	if err := c.Check(); !errors.As(err, &all) || len(all) != 1 || all[0].Line != 0 || all[0].Message != `cookies "b;c" is no name of a cookie` {
		t.Errorf("Check = %v", err)
	}
}
