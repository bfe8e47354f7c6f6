package hub

import (
	"selvedge/composer/htmltag"

	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSwap(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"an element", `<div id="a">x</div>`, `<div hx-swap-oob="true" id="a">x</div>`},
		{"text around it is dropped if blank", "\ufeff\n <p id=a>x</p>\n", `<p hx-swap-oob="true" id=a>x</p>`},
		{"comments and a document type before it", "<!doctype html><!-- <b id=z> --><p id=a>x</p><!-- end -->", `<p hx-swap-oob="true" id=a>x</p>`},
		{"upper case", `<DIV ID="a">x</DIV>`, `<DIV hx-swap-oob="true" ID="a">x</DIV>`},
		{"elements of its name within", `<div id="a"><div>x</div></div>`, `<div hx-swap-oob="true" id="a"><div>x</div></div>`},
		{"end tags left out within", `<ul id="a"><li>x<li>y</ul>`, `<ul hx-swap-oob="true" id="a"><li>x<li>y</ul>`},
		{"a void element", `<input id="a" value="<b>">`, `<input hx-swap-oob="true" id="a" value="<b>">`},
		{"a closed void element", `<input id="a"/>`, `<input hx-swap-oob="true" id="a"/>`},
		{"a drawing without content", `<svg id="a" />`, `<svg hx-swap-oob="true" id="a" />`},
		{"an element with a dash", `<my-badge id="a">1</my-badge>`, `<my-badge hx-swap-oob="true" id="a">1</my-badge>`},
		{"a script that looks like tags", `<div id="a"><script>"</div>"</script></div>`, `<div hx-swap-oob="true" id="a"><script>"</div>"</script></div>`},
		{"a comment that looks like tags", `<div id="a"><!-- </div> --></div>`, `<div hx-swap-oob="true" id="a"><!-- </div> --></div>`},
		{"quotes that look like tags", `<div title='</div>' id="a">></div>`, `<div hx-swap-oob="true" title='</div>' id="a">></div>`},
		{"its own way to be swapped", `<div id="a" hx-swap-oob="beforeend:#b">x</div>`, `<div id="a" hx-swap-oob="beforeend:#b">x</div>`},
		{"a line break in the tag", "<div\nid=\"a\">x</div>", "<div hx-swap-oob=\"true\"\nid=\"a\">x</div>"},
		{"no space before the attributes", `<div/id="a">x</div>`, `<div hx-swap-oob="true"/id="a">x</div>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := findRootElement([]byte(tt.body))
			if err != nil {
				t.Fatalf("findRoot(%q): %v", tt.body, err)
			}
			if got := string(r.withSwap([]byte(tt.body), "true")); got != tt.want {
				t.Errorf("swap(%q) = %q; want %q", tt.body, got, tt.want)
			}
		})
	}
}

func TestFragmentsWithoutAUsableRoot(t *testing.T) {
	tests := []struct {
		name, body string
		want       error
	}{
		{"nothing", "", errNoRoot},
		{"white space", " \n", errNoRoot},
		{"text", "hello", errNoRoot},
		{"text before it", "x<div id=a></div>", errNoRoot},
		{"a less-than sign", "< div id=a></div>", errNoRoot},
		{"an end tag", "</div>", errNoRoot},
		{"a comment that does not end", "<!-- <div id=a></div>", errNoRoot},
		{"a tag that does not end", `<div id="a"`, errNoRoot},
		{"quotes that do not end", `<div id="a>x</div>`, errNoRoot},
		{"no end tag", "<div id=a><div></div>", errRootNotClosed},
		{"two elements", "<div id=a></div><div id=b></div>", errSeveralRoots},
		{"text behind it", "<div id=a></div>x", errSeveralRoots},
		{"no id", "<div class=id></div>", errNoID},
		{"an empty id", `<div id=""></div>`, errNoID},
		{"an id of another name", `<div data-id="a"></div>`, errNoID},
		{"the connect element", `<div id="live"></div>`, errConnectID},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := findRootElement([]byte(tt.body)); !errors.Is(err, tt.want) {
				t.Errorf("findRoot(%q) = %v; want %v", tt.body, err, tt.want)
			}
		})
	}
}

func TestLint(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string // offset and text
	}{
		{"nothing to complain about", `<div id="a"><p id="b">x</p></div>`, nil},
		{"a row", `<tr id="a"><td>x</td></tr>`, []string{"0 root element tr cannot stand beside others"}},
		{"a row within its table", `<table id="a"><tr id="b"><td>x</td></tr></table>`, nil},
		{"a nested swap", `<div id="a"><p id="b" hx-swap-oob="true">x</p></div>`, []string{"12 hx-swap-oob within element p"}},
		{"one id twice", `<div id="a"><p id="b"></p><p id="b"></p></div>`, []string{`26 two elements have the id "b"`}},
		{"two roots with one id", `<p id="b"></p><p id="b"></p>`, []string{"14 " + errSeveralRoots.Error(), `14 two elements have the id "b"`}},
		{"no id", `<div><p>x</p><p></p></div>`, []string{"0 " + errNoID.Error()}},
		{"the connect element within", `<div id="a"><div id="live"></div></div>`, []string{`12 an element has the id "live" of the connect element`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, fault := range Lint([]byte(tt.body)) {
				got = append(got, fmt.Sprint(fault.Offset, " ", fault.Text))
				if fault.Advice == "" {
					t.Errorf("Lint(%q) has no advice for %q", tt.body, fault.Text)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Lint(%q) (-want +got):\n%s", tt.body, diff)
			}
		})
	}
}

// BenchmarkScan shows that the cost of a body grows with its length and not
// faster, whatever it consists of: compare the MB/s of the sizes.
func BenchmarkScan(b *testing.B) {
	for _, piece := range []string{"<", "<a ", "<!--", `<a b="`, "<script>", "</", "<div>", "<a b='\"", "<!", "<a/"} {
		for _, size := range []int{10_000, 100_000, 1_000_000} {
			body := []byte("<div id=a>" + strings.Repeat(piece, size/len(piece)))
			b.Run(fmt.Sprintf("%q of %d", piece, size), func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					_, _ = findRootElement(body)
					Lint(body)
					htmltag.WithoutTags(body)
				}
			})
		}
	}
}

func FuzzSwap(f *testing.F) {
	for _, seed := range []string{
		`<div id="a">x</div>`, "\ufeff<!doctype html><!-- c --><p id=a>x</p>", `<input id=a>`,
		`<div id="a" hx-swap-oob="true"><script></div></script></div>`, "<a id='x", "<svg id=a />", "x", "<!--><p id=a></p>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		Lint(body)
		htmltag.WithoutTags(body)
		r, err := findRootElement(body)
		if err != nil {
			return
		}
		before := bytes.Clone(body)
		swapped := r.withSwap(body, "true")
		if !bytes.Equal(before, body) {
			t.Fatalf("swap(%q) changed the body", before)
		}
		if swapped[0] != '<' {
			t.Errorf("swap(%q) = %q; want a tag first", body, swapped)
		}
		if r.attributeAt > 0 && !bytes.Equal(slices.Concat(swapped[:r.attributeAt-r.start], swapped[r.attributeAt-r.start+len(` hx-swap-oob="true"`):]), body[r.start:r.end]) {
			t.Errorf("swap(%q) = %q; want the root element and the attribute", body, swapped)
		}
		again, err := findRootElement(swapped)
		if err != nil || again.attributeAt != 0 || again.end != len(swapped) {
			t.Errorf("findRoot(%q) = %+v, %v; want the same element, with the attribute", swapped, again, err)
		}
	})
}
