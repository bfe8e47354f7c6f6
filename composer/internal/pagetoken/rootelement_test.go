package pagetoken

import (
	"strings"
	"testing"
)

func TestRootOf(t *testing.T) {
	tests := []struct {
		name, html string
		id         string
		revision   int64
	}{
		{"an element with both", `<div id="a" data-revision="7">x</div>`, "a", 7},
		{"an element with an epoch", `<div id="a" data-epoch="e" data-revision="7">x</div>`, "a", 7},
		{"attributes in any order and quotes", `<div class=c data-revision='7' hidden id='a'>`, "a", 7},
		{"white space and comments before it", "\n <!-- <p id=b> -->\n<div id=a>", "a", 0},
		{"text before it", `1 < 2 <div id="a">`, "a", 0},
		{"an empty element", `<hr id="a"/>`, "a", 0},
		{"a > inside a value", `<a title="x > y" id="a">`, "a", 0},
		{"spaces around =", `<a id = "a" >`, "a", 0},
		{"a revision that is no number", `<a id="a" data-revision="x">`, "a", 0},
		{"an id of an inner element does not count", `<div><p id="a">`, "", 0},
		{"a tag that does not end", `<div id="a"`, "a", 0},
		{"a value that does not end", `<div id="a`, "", 0},
		{"text alone", `no element`, "", 0},
		{"nothing", ``, "", 0},
		{"a comment that does not end", `<!-- <div id="a">`, "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := ParseRoot([]byte(test.html))
			if strings.Contains(test.html, "data-epoch") != (got.Epoch == "e") {
				t.Errorf("rootOf(%q) has the epoch %q", test.html, got.Epoch)
			}
			if got.id != test.id || got.Revision != test.revision || ok != (test.id != "") {
				t.Errorf("rootOf(%q) = %+v, %v; want %q and %d", test.html, got, ok, test.id, test.revision)
			}
		})
	}
}

func FuzzRootOf(f *testing.F) {
	f.Add([]byte(`<div id="a" data-revision="7" x=y z>`))
	f.Add([]byte(`<!----><a id=`))
	f.Add([]byte("<a  = = 'id='"))
	f.Fuzz(func(t *testing.T, html []byte) {
		if got, ok := ParseRoot(html); ok != (got.id != "") {
			t.Errorf("rootOf(%q) = %+v, %v; want an id if and only if it is found", html, got, ok)
		}
	})
}
