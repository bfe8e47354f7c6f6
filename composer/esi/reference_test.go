package esi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer/esi"
)

func TestCharacterReferencesInAnAddress(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"the five of XML", "/&lt;&gt;&quot;&apos;&amp;", `/<>"'&`},
		{"a decimal number", "/q?name=O&#39;Neil&x=1", "/q?name=O'Neil&x=1"},
		{"a decimal number with zeros, as PHP writes it", "/O&#039;Neil", "/O'Neil"},
		{"a hexadecimal number", "/O&#x27;Neil&#X3f;", "/O'Neil?"},
		{"a letter", "/caf&#233;", "/café"},
		{"a number of Windows-1252 (HTML §13.2.5.80)", "/&#128;", "/€"},
		{"numbers that are no characters (HTML §13.2.5.80)", "/&#0;&#xD800;&#x110000;", "/\ufffd\ufffd\ufffd"},
		{"a reference is decoded once", "/&amp;#39;&amp;lt;", "/&#39;&lt;"},
		{"an & that begins none", "/?a=1&b=2&copy=3&", "/?a=1&b=2&copy=3&"},
		{"a number without a semicolon", "/?a&#39", "/?a&"},
		{"what is no number", "/?&#;&#x;&#3a;&#+39;&#-1;", "/?&"},
		{"a number that is too long", "/?a&#00000000000000000039;", "/?a&"},
		{"a # ends the address, wherever it comes from", "/a&#35;b", "/a"},
		{"a variable", "/&#36;(A)?$(B{&#39;c d&#39;})", "/$(A)?$(B{'c d'})"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, attribute := range []string{"src", "alt"} {
				page := `<esi:include src="/" ` + attribute + `="` + test.src + `"/>`
				if attribute == "src" {
					page = `<esi:include src="` + test.src + `"/>`
				}
				include := compile(t, page).Segments[0].Include
				got := include.Src
				if attribute == "alt" {
					got = include.Alt
				}
				if address, _, _ := strings.Cut(got.String(), "#"); address != strings.Split(test.want, "#")[0] {
					t.Errorf("%s=%q is %q; want %q", attribute, test.src, got, test.want)
				}
			}
		})
	}
}

func TestCharacterReferencesInATest(t *testing.T) {
	tests := []struct {
		test string
		want bool
	}{
		{"$(A)==&#39;O&#x27;&#39;", false},
		{"$(A)==&quot;O&#x27;Neil&quot;", true},
		{"$(A)&#33;=&#34;O&#39;Neil&#34;", false},
		{"1 &#60; 2 &amp;&amp; 2 &gt; 1", true},
	}
	for _, test := range tests {
		program := compile(t, `<esi:choose><esi:when test="`+test.test+`">x</esi:when></esi:choose>`)
		branch, _ := program.Segments[0].Choose.Take(func(esi.Variable) string { return "O'Neil" })
		if got := branch == 0; got != test.want {
			t.Errorf("%s is %v; want %v (warnings %v)", test.test, got, test.want, program.Warnings)
		}
	}
}

// The text around a variable becomes HTML, so its references stay.
func TestCharacterReferencesInVars(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"in a default", "$(A|&#39;b c&#39;)", "{A|'b c'}"},
		{"in a key", "$(A{&quot;b c&quot;})", "{A{'b c'}}"},
		{"in both, between texts", "&lt;$(A{b&amp;c}|&apos;d&apos;)&#233; &amp; $(B)&gt;", "&lt;{A{b&c}|'d'}&#233; &amp; {B}&gt;"},
		{"in the sign of a variable", "&#36;(A)", "{A}"},
		{"in text alone", "a &amp; b", "a &amp; b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := `x<esi:vars name="` + test.value + `"/>y`
			if got := show(compile(t, page)); got != "x"+test.want+"y" {
				t.Errorf("Compile(%q) = %s; want x%sy", page, got, test.want)
			}
		})
	}
}

func TestNamesOfXML(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"an attribute with a dot", `<esi:include data.x="y" src="/x"/>`, "[/x]"},
		{"an attribute with other letters", `<esi:include größe="1" src="/x" é/>`, "[/x]"},
		{"in another charset", "<esi:include gr\xf6\xdfe=\"1\" src=\"/x\"/>", "[/x]"},
		{"an unknown element with a dot", `a<esi:x.y>b</esi:x.y>`, "ab"},
		{"an unknown element with other letters", `a<esi:größe/>b`, "ab"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(compile(t, test.page)); got != test.want {
				t.Errorf("Compile(%q) = %s; want %s", test.page, got, test.want)
			}
		})
	}
}

func TestUnknownVariablesAreWarnedAbout(t *testing.T) {
	tests := []struct {
		name, page string
		want       []string
	}{
		{"known ones", `<esi:vars name="$(A)">$(A{b})</esi:vars><esi:include src="/$(A)"/>`, nil},
		{"in vars", "<esi:vars>\n $(HTTP_HOTS)</esi:vars>", []string{"2:2: the variable HTTP_HOTS is unknown, so it has no value; remove it"}},
		{"in the name of vars", `<esi:vars name="&amp; $(X)"/>`, []string{"1:23: the variable X is unknown, so it has no value; remove it"}},
		{"in a src and an alt", `<esi:include src="/?a=1&amp;b=$(X)&amp;$(A)" alt="/$(Y)"/>`,
			[]string{"1:31: the variable X is unknown, so it has no value; remove it", "1:52: the variable Y is unknown, so it has no value; remove it"}},
		{"in a test", `<esi:choose><esi:when test="1 &lt; $(X)">$(Y)</esi:when></esi:choose>`,
			[]string{"1:36: the variable X is unknown, so it has no value; remove it", "1:42: the variable Y is unknown, so it has no value; remove it"}},
		{"where they are text", `$(X)<esi:text>$(X)</esi:text>`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, w := range esi.Compile([]byte(test.page), "A", "B").Warnings {
				got = append(got, w.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("warnings of %q (-want +got):\n%s", test.page, diff)
			}
			c := esi.Compiler{Variables: []string{"A", "B"}}
			for i := range test.page {
				c.Write([]byte(test.page[i : i+1]))
			}
			if _, program := c.Close(); len(program.Warnings) != len(test.want) {
				t.Errorf("in single bytes, the warnings of %q are %v; want %q", test.page, program.Warnings, test.want)
			}
			if w := compile(t, test.page).Warnings; len(w) > 0 {
				t.Errorf("without names of variables, the warnings of %q are %v; want none", test.page, w)
			}
		})
	}
}
