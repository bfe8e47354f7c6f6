package composer

import (
	"net/http"
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
		{"and what is no link", []string{"a, ; rel=stylesheet, <, </a.css; rel=stylesheet"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := stylesheets(http.Header{"Link": test.fields})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("stylesheets(%q) (-want +got):\n%s", test.fields, diff)
			}
		})
	}
}

func FuzzStylesheets(f *testing.F) {
	for _, s := range []string{"", "</a.css>; rel=stylesheet", `<a>;rel="x\"", </b>;as=style;rel=preload`, "<<>>,\",;=", "<///h>;rel=stylesheet"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, field string) {
		for _, path := range stylesheets(http.Header{"Link": {field}}) {
			if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\"<> \r\n") {
				t.Errorf("stylesheets(%q) has %q; want paths on this site only", field, path)
			}
		}
	})
}
