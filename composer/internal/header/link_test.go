package header

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStylesheets(t *testing.T) {
	tests := []struct {
		name   string
		fields []string
		want   []string
	}{
		{"none", nil, nil},
		{"a stylesheet", []string{"</a.css>; rel=stylesheet"}, []string{"/a.css"}},
		{"one to be loaded early", []string{`</a.css>; rel="preload"; as="style"`}, []string{"/a.css"}},
		{"several relations", []string{`</a.css>; rel="preload stylesheet"`}, []string{"/a.css"}},
		{"any case and white space", []string{` </a.css> ; REL = "StyleSheet" `}, []string{"/a.css"}},
		{"a list", []string{"</a.css>; rel=stylesheet, </b.css>; rel=stylesheet"}, []string{"/a.css", "/b.css"}},
		{"many fields", []string{"</a.css>; rel=stylesheet", "</b.css>; rel=stylesheet"}, []string{"/a.css", "/b.css"}},
		{"a comma and a semicolon in a target", []string{"</a,b;c.css>; rel=stylesheet, </d.css>;rel=stylesheet"}, []string{"/a,b;c.css", "/d.css"}},
		{"a comma in a quoted string", []string{`</a.css>; title="x, \" </y>"; rel=stylesheet, </b.css>; rel=stylesheet`}, []string{"/a.css", "/b.css"}},
		{"a query", []string{"</a.css?v=1>; rel=stylesheet"}, []string{"/a.css?v=1"}},
		{"quotes are escaped", []string{`</a".css>; rel=stylesheet`}, []string{"/a%22.css"}},
		{"scripts are left out", []string{"</a.js>; rel=preload; as=script, </b>; rel=next"}, nil},
		{"so is another host", []string{"<https://evil/a.css>; rel=stylesheet, <//evil/a.css>; rel=stylesheet"}, nil},
		{"however it is written", []string{`<///evil/a.css>; rel=stylesheet, <data:text/css,x>; rel=stylesheet`}, nil},
		{"and what is no path", []string{"<a.css>; rel=stylesheet, <>; rel=stylesheet, <?a>; rel=stylesheet"}, nil},
		{"and one that is an alternative", []string{`</a.css>; rel="alternate stylesheet"`}, nil},
		{"and what is no link", []string{"a, ; rel=stylesheet, <, </a.css; rel=stylesheet"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Stylesheets(http.Header{"Link": test.fields})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("stylesheets(%q) (-want +got):\n%s", test.fields, diff)
			}
		})
	}
}

func FuzzStylesheets(f *testing.F) {
	for _, s := range []string{"", "</a.css>; rel=stylesheet", `<a>;rel="x\"", </b>;as=style;rel=preload`, "<<>>,\",;=", "<///h>;rel=stylesheet", `</a?">;rel=stylesheet`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, field string) {
		for _, path := range Stylesheets(http.Header{"Link": {field}}) {
			if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\"<> \r\n") {
				t.Errorf("stylesheets(%q) has %q; want paths on this site only", field, path)
			}
		}
	})
}

// atHome is the address of a fragment of this site, whose links are paths.
var atHome = &url.URL{Path: "/fragments/cart/mini"}

func fieldsOfLinks(found []Link) []string { return Links(found).Fields() }

func TestParseLinks(t *testing.T) {
	elsewhere := &url.URL{Scheme: "https", Host: "cart.example", Path: "/mini/"}
	tests := []struct {
		name   string
		base   *url.URL
		fields []string
		want   []string
	}{
		{"none", atHome, nil, nil},
		{"all that a page wants", atHome, []string{"</a>; rel=preload; as=script, </b>; rel=modulepreload", "<//c>; rel=preconnect", "<https://d>; rel=dns-prefetch", "</e.css>; rel=stylesheet", "</f>; rel=icon"},
			[]string{"</a>; rel=preload; as=script", "</b>; rel=modulepreload", "<//c>; rel=preconnect", "<https://d>; rel=dns-prefetch", "</e.css>; rel=stylesheet", "</f>; rel=icon"}},
		{"nothing else", atHome, []string{"</a>; rel=next, </b>; rel=prefetch, </c>, </d>; rev=stylesheet"}, nil},
		{"no alternative styles", atHome, []string{`</a.css>; rel="alternate stylesheet"`}, nil},
		{"of several relations those", atHome, []string{`</a>; rel="next PRELOAD  icon preload"; as=image`}, []string{`</a>; rel="preload icon"; as=image`}},
		{"the first rel counts (RFC 8288 §3.3)", atHome, []string{"</a>; rel=icon; rel=preload", "</b>; rel=next; rel=icon"}, []string{"</a>; rel=icon"}},
		{"nothing about something else (§3.2)", atHome, []string{`</a>; rel=icon; anchor="#x"`}, nil},
		{"parameters that matter, in one order", atHome, []string{`</a>; fetchpriority=high; x=y; crossorigin; as=font ;type="font/woff2"; rel=preload; rel*=UTF-8''icon`},
			[]string{"</a>; rel=preload; as=font; type=\"font/woff2\"; crossorigin; fetchpriority=high"}},
		{"quoted commas, semicolons and quotes", atHome, []string{`</a>; media="(x), \"y;\""; rel=icon, </b>; rel=icon`}, []string{`</a>; rel=icon; media="(x), \"y;\""`, "</b>; rel=icon"}},
		{"a path beside the fragment", atHome, []string{"<a.css>; rel=stylesheet, <../b.css>; rel=stylesheet, <?c>; rel=icon"},
			[]string{"</fragments/cart/a.css>; rel=stylesheet", "</fragments/b.css>; rel=stylesheet", "</fragments/cart/mini?c>; rel=icon"}},
		{"a path of another site", elsewhere, []string{"</a.css>; rel=stylesheet, <b.css>; rel=stylesheet, <//c/d>; rel=icon"},
			[]string{"<https://cart.example/a.css>; rel=stylesheet", "<https://cart.example/mini/b.css>; rel=stylesheet", "<https://c/d>; rel=icon"}},
		{"no path that browsers take for a host", atHome, []string{`<///a>; rel=icon, <.//a>; rel=icon, <//u:p@h/>; rel=icon`}, []string{"</fragments/cart//a>; rel=icon"}},
		{"a backslash is no slash", atHome, []string{`</\a>; rel=icon`}, []string{"</%5Ca>; rel=icon"}},
		{"no scripts and data", atHome, []string{"<javascript:a>; rel=icon, <data:,>; rel=icon, <mailto:a@b>; rel=icon, <http:a>; rel=icon, <ftp://a>; rel=icon"}, nil},
		{"no host that is none", atHome, []string{`<//a"b>; rel=icon, <//a b>; rel=icon, <//a{b>; rel=icon`}, nil},
		{"no parameters without a semicolon (RFC 8288 §3)", atHome, []string{"</a>rel=icon, </b>; rel=icon"}, []string{"</b>; rel=icon"}},
		{"what may stand in no address is encoded", atHome, []string{"</a b?\"<\u00e9>; rel=icon"}, []string{"</a%20b?%22%3C%C3%A9>; rel=icon"}},
		{"each once, by target, rel and as", atHome, []string{"</a>; rel=icon, </a>; rel=icon; type=x, </a>; rel=preload; as=image, </a>; rel=preload; as=script"},
			[]string{"</a>; rel=icon", "</a>; rel=preload; as=image", "</a>; rel=preload; as=script"}},
		{"a stylesheet once, however it is announced", atHome, []string{"</a>; rel=preload; as=style, </a>; rel=stylesheet, </a>; rel=stylesheet; as=Style"}, []string{"</a>; rel=preload; as=style"}},
		{"nothing broken", atHome, []string{"a, <>; rel=icon, </a; rel=icon", "</a\x00>; rel=icon", "</a>; rel=icon; type=\"\r\n\"", "</%zz>; rel=icon"}, nil},
		{"nothing without end", atHome, []string{"</" + strings.Repeat("a", maxLink) + ">; rel=icon, </b>; rel=icon"}, []string{"</b>; rel=icon"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := fieldsOfLinks(ParseLinks(http.Header{"Link": test.fields}, test.base))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("parseLinks(%q) (-want +got):\n%s", test.fields, diff)
			}
		})
	}
}

func TestFormsOfALink(t *testing.T) {
	tests := []struct{ name, field, hint string }{
		{"a stylesheet", "</a.css>; rel=stylesheet", "</a.css>; rel=preload; as=style"},
		{"one to be preloaded", "</a.css>; rel=preload; as=style; crossorigin", "</a.css>; rel=preload; as=style; crossorigin"},
		{"a script", "</a.js?b&c>; rel=preload; as=script", "</a.js?b&c>; rel=preload; as=script"},
		{"a module", "</a.js>; rel=modulepreload", "</a.js>; rel=modulepreload"},
		{"a connection", "<https://a>; rel=preconnect", "<https://a>; rel=preconnect"},
		{"a name to be looked up", "<https://a>; rel=dns-prefetch", ""},
		{"an icon", "</a>; rel=icon", ""},
		{"a value with markup", `</a>; rel=icon; type="\"><script>"`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := ParseLinks(http.Header{"Link": {test.field}}, atHome)
			if len(found) != 1 {
				t.Fatalf("parseLinks(%q) has %d links; want one", test.field, len(found))
			}
			l := &found[0]
			if l.field() != test.field || l.hint() != test.hint {
				t.Errorf("%q is %q, and early %q; want %q early", test.field, l.field(), l.hint(), test.hint)
			}
		})
	}
}

// numbered are links to different targets of this length.
func numbered(n, length int) []Link {
	var found []Link
	for i := range n {
		name := strconv.Itoa(1_000_000 + i)
		found = append(found, ParseLinks(http.Header{"Link": {"</" + strings.Repeat("a", length-len(name)-1) + name + ">; rel=icon"}}, atHome)...)
	}
	return found
}

func TestLinksOfAPage(t *testing.T) {
	var page Links
	three := numbered(3, 10)
	if added := page.Add(three[:2]...); len(added) != 2 {
		t.Errorf("%d links are added of two", len(added))
	}
	if added := page.Add(three...); len(added) != 1 || added[0].Target != three[2].Target {
		t.Errorf("added %v; want the third only", added)
	}
	if added := page.Add(three...); added == nil || len(added) != 0 {
		t.Errorf("added %v; want none", added)
	}
	page.Add(numbered(2*maxLinks, 12)...)
	if len(page) != maxLinks || len(page.Fields()) != maxLinks {
		t.Errorf("the page has %d links, %d in its header; want %d", len(page), len(page.Fields()), maxLinks)
	}
}

func TestAFragmentHasSoManyLinksAtMost(t *testing.T) {
	var fields []string
	for _, l := range numbered(2*MaxAnnounced, 10) {
		fields = append(fields, l.field()+", "+l.field())
	}
	if got := len(ParseLinks(http.Header{"Link": fields}, atHome)); got != MaxAnnounced {
		t.Errorf("parseLinks has %d links; want %d", got, MaxAnnounced)
	}
}

func TestTheLinkFieldOfAPageHasALimit(t *testing.T) {
	var page Links
	page.Add(numbered(maxLinks, 200)...)
	size := len(strings.Join(page.Fields(), ", "))
	if size > maxLinkHeader || size < maxLinkHeader-250 {
		t.Errorf("the field has %d bytes; want as many as fit into %d", size, maxLinkHeader)
	}
	if got := page.Hints(); got != nil {
		t.Errorf("hints are %q; want none for icons", got)
	}
}

// FuzzParseLinks holds that a link leads nowhere but to http and https, that
// its forms are one link and one element, and that reading a field again
// changes nothing.
func FuzzParseLinks(f *testing.F) {
	for _, s := range []string{"", "</a.css>; rel=stylesheet", `<a>;rel="x preload\"", </b>;as=style;rel=preload`, "<///h>;rel=icon", "<http://[::1]:8/?%>;rel=icon;type=\"\\\"", "<.//h>;rel=icon", "<#a>;rel=icon"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, field string) {
		found := ParseLinks(http.Header{"Link": {field}}, atHome)
		for i := range found {
			l := &found[i]
			u, err := url.Parse(l.Target)
			ours := strings.HasPrefix(l.Target, "/")
			if err != nil {
				t.Fatalf("%q leads to %q: %v", field, l.Target, err)
			}
			if !ours && u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(l.Target, "\\\"<> \r\n") {
				t.Errorf("%q leads to %q", field, l.Target)
			}
			if ours && u.Host == "" && strings.HasPrefix(l.Target, "//") {
				t.Errorf("%q leads to %q, which is a host for browsers", field, l.Target)
			}
			again := ParseLinks(http.Header{"Link": {l.field()}}, atHome)
			if len(again) != 1 || again[0] != *l {
				t.Errorf("%q, read again, is %q; want %q", field, fieldsOfLinks(again), l.field())
			}
			if strings.ContainsAny(l.field(), "\r\n\x00") {
				t.Errorf("%q is the value %q, which ends a field", field, l.field())
			}
		}
		if len(found) > MaxAnnounced || slices.ContainsFunc(found, func(l Link) bool { return len(l.field()) > maxLink }) {
			t.Errorf("%q has more than it may", field)
		}
	})
}

func BenchmarkParseLinks(b *testing.B) {
	h := http.Header{"Link": {"</static/cart.css?v=1>; rel=preload; as=style, </static/cart.js>; rel=modulepreload"}}
	b.ReportAllocs()
	for b.Loop() {
		if len(ParseLinks(h, atHome)) != 2 {
			b.Fatal("a link is missing")
		}
	}
}
