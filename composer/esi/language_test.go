package esi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer/esi"
)

func TestCompileBranches(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"a choose has its branches", `a<esi:choose><esi:when test="1==1">b</esi:when><esi:when test="1==2">c</esi:when><esi:otherwise>d</esi:otherwise></esi:choose>e`, "a(when:b|when:c|otherwise:d)e"},
		{"what stands beside branches is dropped", `<esi:choose>x<esi:when test="1">a</esi:when>y<esi:include src="/z"/></esi:choose>`, "(when:a)"},
		{"a choose without branches is nothing", `a<esi:choose> </esi:choose>b`, "ab"},
		{"a test that is no expression is never true", `<esi:choose><esi:when test="1 +">a</esi:when><esi:otherwise>b</esi:otherwise></esi:choose>`, "(otherwise:b)"},
		{"nor is one that is missing", `<esi:choose><esi:when>a</esi:when></esi:choose>`, "()"},
		{"the first otherwise counts", `<esi:choose><esi:otherwise>a</esi:otherwise><esi:otherwise>b</esi:otherwise></esi:choose>`, "(otherwise:a)"},
		{"an empty branch is one", `<esi:choose><esi:when test="1"/><esi:otherwise>b</esi:otherwise></esi:choose>`, "(when:|otherwise:b)"},
		{"a choose in a choose", `<esi:choose><esi:when test="1"><esi:choose><esi:when test="1">a</esi:when></esi:choose></esi:when></esi:choose>`, "(when:(when:a))"},
		{"a when outside a choose is dropped", `a<esi:when test="1">b</esi:when>c`, "ac"},
		{"a when in an element in a choose is dropped", `<esi:choose><esi:vars><esi:when test="1">b</esi:when></esi:vars></esi:choose>`, ""},
		{"a when that is not closed ends with its choose", `<esi:choose><esi:when test="1">a</esi:choose>b`, "(when:a)b"},
		{"a choose that is not closed swallows nothing", `a<esi:choose>b<esi:when test="1">c</esi:when>d`, "ab(when:c)d"},
		{"a when that is not closed never shows without its test", `a<esi:choose><esi:when test="0">secret`, "a(when:secret)"},
		{"variables stand in the text of branches", `$(A)<esi:choose>$(B)<esi:when test="1">$(C)</esi:when></esi:choose>$(D)`, "$(A)(when:{C})$(D)"},
		{"a try has its branches", `a<esi:try><esi:attempt>b<esi:include src="/x"/></esi:attempt><esi:except>c$(D)</esi:except></esi:try>e`, "a(attempt:b[/x]|except:c{D})e"},
		{"white space between branches is dropped", "<esi:try>\n<esi:attempt>a</esi:attempt>\n<esi:except>b</esi:except>\n</esi:try>", "(attempt:a|except:b)"},
		{"a try without except has an empty one", `<esi:try><esi:attempt>a</esi:attempt></esi:try>`, "(attempt:a|except:)"},
		{"a try in an attempt and in an except", `<esi:try><esi:attempt><esi:try><esi:attempt>a</esi:attempt></esi:try></esi:attempt><esi:except><esi:try><esi:except>b</esi:except></esi:try></esi:except></esi:try>`,
			"(attempt:(attempt:a|except:)|except:(attempt:|except:b))"},
		{"an attempt outside a try is dropped", `a<esi:attempt>b</esi:attempt>c`, "ac"},
		{"an include that is not closed ends with its attempt", `<esi:try><esi:attempt><esi:include src="/x"></esi:attempt><esi:except>a</esi:except></esi:try>`, "(attempt:[/x]|except:a)"},
		{"a branch in a fallback", `<esi:include src="/x"><esi:choose><esi:when test="1">a</esi:when></esi:choose></esi:include>`, "[/x?(when:a)]"},
		{"a branch in remove is dropped with it", `<esi:remove><esi:choose><esi:when test="1">a</esi:when></esi:choose></esi:remove>`, ""},
		{"an inline stands where it is", `a<esi:inline name="/x" fetchable="yes">b<esi:include src="/y"/></esi:inline>c`, "ab[/y]c"},
		{"what is in text is text", `a<esi:text><esi:include src="/x"/> $(A) <!--esi</esi:text>b`, `a<esi:include src="/x"/> $(A) <!--esib`},
		{"variables in text are text even inside vars", `<esi:vars>$(A)<esi:text>$(B)</esi:text></esi:vars>`, "{A}$(B)"},
		{"text ends at its own end tag, with white space in it", "<esi:text></esi:textual></esi:text\n>b", "</esi:textual>b"},
		{"text without end is text to the end", `<esi:text><esi:include src="/x"/>`, `<esi:include src="/x"/>`},
		{"comments and CDATA inside vars are opaque", `<esi:vars>$(A)<!-- $(B) --><![CDATA[$(C)]]>$(D)</esi:vars>`, "{A}<!-- $(B) --><![CDATA[$(C)]]>{D}"},
		{"vars that are not closed expand to the end", `a<esi:vars>$(A)`, "a{A}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(compile(t, test.page)); got != test.want {
				t.Errorf("Compile(%q) = %s; want %s", test.page, got, test.want)
			}
		})
	}
}

func TestCompileVariables(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a name", "$(A)", "{A}"},
		{"a key", "$(A{b-c.d})", "{A{b-c.d}}"},
		{"a default", "$(A|b)", "{A|'b'}"},
		{"a default in quotes", "$(A|'b )c')", "{A|'b )c'}"},
		{"a key and a default", "$(A{b}|'c d')", "{A{b}|'c d'}"},
		{"an empty default is none", "$(A|)$(A|'')", "{A}{A}"},
		{"an empty key is text", "$(A{})", "$(A{})"},
		{"a key without end is text", "$(A{b)", "$(A{b)"},
		{"a default without end is text", "$(A|'b)", "$(A|'b)"},
		{"a default with white space needs quotes", "$(A|b c)", "$(A|b c)"},
		{"a name in small letters is text", "$(a)", "$(a)"},
		{"a call is text", "$(document).ready()", "$(document).ready()"},
		{"a variable after a broken one", "$(A|'b $(C)", "$(A|'b {C}"},
		{"a variable in a default is text", "$(A|$(B))", "$(A|{B})"},
		{"a default is at most 256 bytes long", "$(A|'" + long + "')", "$(A|'" + long + "')"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(compile(t, "<esi:vars>"+test.text+"</esi:vars>")); got != test.want {
				t.Errorf("Compile of vars with %q = %s; want %s", test.text, got, test.want)
			}
		})
	}
}

func TestCompileAttributesOfAnInclude(t *testing.T) {
	tests := []struct{ name, attributes, want string }{
		{"ttl in minutes", `ttl="5m"`, "[/x~5m0s]"},
		{"ttl in days", `ttl="2d"`, "[/x~48h0m0s]"},
		{"ttl in seconds", `ttl="90"`, "[/x~1m30s]"},
		{"ttl of nothing is no-store", `ttl="0s"`, "[/x^]"},
		{"ttl that is none", `ttl="soon"`, "[/x]"},
		{"no-store", `no-store="on"`, "[/x^]"},
		{"no-store that is off", `no-store="off"`, "[/x]"},
		{"redirect", `redirect="follow"`, "[/x>]"},
		{"the first of two counts", `maxwait="1" maxwait="2"`, "[/x@1ms]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := `<esi:include src="/x" ` + test.attributes + "/>"
			if got := show(compile(t, page)); got != test.want {
				t.Errorf("Compile(%q) = %s; want %s", page, got, test.want)
			}
		})
	}
}

func TestPartOfAnAddress(t *testing.T) {
	values := func(esi.Variable) string { return "#v" }
	tests := []struct{ name, src, address, part string }{
		{"none", "/x?a=1", "/x?a=1", ""},
		{"an id", "/x?a=1#offers", "/x?a=1", "offers"},
		{"an id that is empty", "/x#", "/x", ""},
		{"another host", "//host/x#a", "//host/x", "a"},
		{"another scheme", "http://host:80/x?b#a", "http://host:80/x?b", "a"},
		{"a variable cannot bring one in", "/x?$(Q)", "/x?#v", ""},
		{"a variable in the part is text", "/$(Q)#a$(Q{k})", "/#v", "a$(Q{k})"},
		{"a # in a default is none", "/x?$(R|'#d')", "/x?#v", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := compile(t, `<esi:include src="`+test.src+`"/>`).Segments[0].Include.Src
			if got := src.Expand(values); got != test.address || src.Part() != test.part || src.String() != test.src && test.part != "" {
				t.Errorf("%q is %q with part %q, written %q; want %q with %q", test.src, got, src.Part(), src, test.address, test.part)
			}
		})
	}
}

func TestTheTextOfAWarningIsBounded(t *testing.T) {
	w := esi.Compile([]byte("<esi:" + strings.Repeat("x", 5000) + "/>")).Warnings[0]
	if len(w.Text) != 200 {
		t.Errorf("the warning has %d bytes; want 200", len(w.Text))
	}
}

func TestWarningsOfTheLanguage(t *testing.T) {
	tests := []struct {
		name, page string
		want       []string
	}{
		{"pages without mistakes have none", `<esi:choose> <esi:when test="1">a</esi:when> </esi:choose><esi:try><esi:attempt/></esi:try><esi:inline name="a"/>`, nil},
		{"an expression, where it is wrong", "\n<esi:choose><esi:when test=\"1 == \">a</esi:when></esi:choose>", []string{"2:34: an operand is missing, so this when is never taken; correct the test"}},
		{"an expression with entities", `<esi:choose><esi:when test="1 &lt; ">a</esi:when></esi:choose>`, []string{"1:36: an operand is missing, so this when is never taken; correct the test"}},
		{"a when without test", `<esi:choose><esi:when>a</esi:when></esi:choose>`, []string{"1:13: when has no test, so it is never taken; add a test, or make it an otherwise"}},
		{"a when without choose", `<esi:when test="1">a</esi:when>`, []string{"1:1: when does not stand in a choose, so it is dropped; move it into <esi:choose>"}},
		{"an except without try", `<esi:except>a</esi:except>`, []string{"1:1: except does not stand in a try, so it is dropped; move it into <esi:try>"}},
		{"text in a try", `<esi:try>a<esi:attempt>b</esi:attempt></esi:try>`, []string{"1:1: what stands in try beside its branches is dropped; move it into a branch, or out of the element"}},
		{"two attempts", `<esi:try><esi:attempt>a</esi:attempt><esi:attempt>b</esi:attempt></esi:try>`, []string{"1:38: there is another attempt already, so this one is dropped; remove one of them"}},
		{"an inline without name", `<esi:inline>a</esi:inline>`, []string{"1:1: inline has no name; give it a name"}},
		{"text without end", `<esi:text>a`, []string{"1:1: text is not closed; add </esi:text>"}},
		{"a ttl that is none", `<esi:include src="/x" ttl="5 m"/>`, []string{"1:1: ttl of an include is a number and s, m, h or d, such as 5m; write ttl=\"5m\" for 5 minutes"}},
		{"a no-store that means nothing", `<esi:include src="/x" no-store="5"/>`, []string{`1:1: no-store of an include can only be "on" or "off"; write no-store="on"`}},
		{"a redirect that means nothing", `<esi:include src="/x" redirect="go"/>`, []string{`1:1: redirect of an include can only be "follow"; write redirect="follow"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, w := range compile(t, test.page).Warnings {
				got = append(got, w.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("warnings of %q (-want +got):\n%s", test.page, diff)
			}
		})
	}
}
