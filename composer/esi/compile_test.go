package esi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer/esi"
)

// show writes a program so that a person can compare it: includes as [src],
// with |alt, ?content, !continue, *primary, +required, %public, @maxwait, ~ttl, ^ for no-store and
// > for redirects; variables as {NAME}; the branches of a choose as
// (when:…|otherwise:…), those of a try as (attempt:…|except:…).
func show(p *esi.Program) string {
	var b strings.Builder
	for _, s := range p.Segments {
		switch {
		case s.Include != nil:
			b.WriteString(showInclude(s.Include))
		case s.Variable != nil:
			b.WriteString("{" + strings.TrimSuffix(strings.TrimPrefix(s.Variable.String(), "$("), ")") + "}")
		case s.Choose != nil:
			b.WriteString(showChoose(s.Choose))
		case s.Try != nil:
			b.WriteString("(attempt:" + show(s.Try.Attempt) + "|except:" + show(s.Try.Except) + ")")
		default:
			b.Write(s.Text)
		}
	}
	return b.String()
}

func showChoose(c *esi.Choose) string {
	var branches []string
	for _, w := range c.When {
		branches = append(branches, "when:"+show(w.Program))
	}
	if c.Otherwise != nil {
		branches = append(branches, "otherwise:"+show(c.Otherwise))
	}
	return "(" + strings.Join(branches, "|") + ")"
}

func showInclude(in *esi.Include) string {
	s := "[" + in.Src.String()
	if !in.Alt.Empty() {
		s += "|" + in.Alt.String()
	}
	if in.Primary {
		s += "*"
	}
	if in.Required {
		s += "+"
	}
	if in.Public {
		s += "%"
	}
	if in.MaxWait > 0 {
		s += "@" + in.MaxWait.String()
	}
	if in.TTL > 0 {
		s += "~" + in.TTL.String()
	}
	if in.NoStore {
		s += "^"
	}
	if in.FollowRedirects {
		s += ">"
	}
	if in.Fallback != nil {
		s += "?" + show(in.Fallback)
	}
	if in.ContinueOnError {
		s += "!"
	}
	return s + "]"
}

func TestCompile(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"text without tags stays", "a < b && c > d $(X) <b>", "a < b && c > d $(X) <b>"},
		{"an empty page is an empty program", "", ""},
		{"an include is put in its place", `a<esi:include src="/x"/>b`, "a[/x]b"},
		{"single quotes do", `<esi:include src='/x'/>`, "[/x]"},
		{"white space and new lines stand between attributes", "<esi:include\n\tsrc = \"/x\"\n alt=\"/y\"\n/>", "[/x|/y]"},
		{"all attributes are read", `<esi:include src="/x" alt="/y" onerror="continue" maxwait="300" primary="primary"/>`, "[/x|/y*@300ms!]"},
		{"entities in attributes are decoded once", `<esi:include src="/x?a=1&amp;b=&amp;lt;"/>`, "[/x?a=1&b=&lt;]"},
		{"content is the fallback", `<esi:include src="/x">none</esi:include>`, "[/x?none]"},
		{"a fallback may include", `<esi:include src="/x">a<esi:include src="/y">b</esi:include>c</esi:include>`, "[/x?a[/y?b]c]"},
		{"empty content is no fallback", `<esi:include src="/x"></esi:include>`, "[/x]"},
		{"an include without end tag has no content", `<esi:include src="/x">a<esi:include src="/y">b</esi:include>`, "[/x]a[/y?b]"},
		{"includes that are never closed keep their order", `<esi:include src="/x">a<esi:include src="/y">b`, "[/x]a[/y]b"},
		{"an include without src is taken out and its content stays", `a<esi:include>b<esi:include src="/x"/></esi:include>c`, "ab[/x]c"},
		{"so is one that is empty", `a<esi:include/>b<esi:include></esi:include>c`, "abc"},
		{"one with a misspelled src", `a<esi:include scr="/x"/>b`, "ab"},
		{"one that is not closed", `<esi:remove>a<esi:include>b</esi:remove><esi:include onerror="continue">c`, "c"},
		{"one with an alt", `<esi:include alt="/y">a</esi:include>`, "[/y?a]"},
		{"one with an empty src is kept to fail", `<esi:include src="">gone</esi:include>`, "[?gone]"},
		{"remove takes its content out", `a<esi:remove>b<esi:include src="/x"/>c</esi:remove>d`, "ad"},
		{"nested remove ends at its own end tag", `a<esi:remove>b<esi:remove>c</esi:remove>d</esi:remove>e`, "ae"},
		{"remove inside a fallback", `<esi:include src="/x">a<esi:remove>b</esi:remove>c</esi:include>`, "[/x?ac]"},
		{"a comment is taken out", `a<esi:comment text="b > c"/>d<esi:comment>e</esi:comment>f`, "adf"},
		{"an ESI comment is opened", `a<!--esi <esi:include src="/x"/> -->b`, "a [/x] b"},
		{"an ESI comment may hold text only", "<!--esi\n<p>hi</p>-->", "\n<p>hi</p>"},
		{"a nested ESI comment ends", `<!--esi a <!--esi b --> c --> d`, " a  b  c  d"},
		{"--> outside an ESI comment is text", `a --> b`, `a --> b`},
		{"a name that begins with esi is a plain comment", `<!--esix <esi:include src="/x"/>-->`, `<!--esix <esi:include src="/x"/>-->`},
		{"comments are opaque", `<!-- <esi:include src="/x"/> -->`, `<!-- <esi:include src="/x"/> -->`},
		{"comments inside an ESI comment are opaque", `<!--esi a<!-- <esi:include src="/x"/> -->b -->c`, ` a<!-- <esi:include src="/x"/> -->b c`},
		{"a comment without end is opaque to the end", `a<!-- <esi:include src="/x"/>`, `a<!-- <esi:include src="/x"/>`},
		{"CDATA is opaque", `<![CDATA[<esi:include src="/x"/>]]><esi:include src="/y"/>`, `<![CDATA[<esi:include src="/x"/>]]>[/y]`},
		{"scripts are not opaque", `<script>if (a<b) <esi:include src="/x"/></script>`, `<script>if (a<b) [/x]</script>`},
		{"attributes of other tags are not opaque", `<a href="<esi:include src='/x'/>">`, `<a href="[/x]">`},
		{"an unknown element is taken out and its content stays", `a<esi:magic on="1">b</esi:magic>c<esi:x/>`, "abc"},
		{"an end tag without start is taken out", `a</esi:include>b</esi:remove>c`, "abc"},
		{"a tag that is cut off is text", `a<esi:include src="/x`, `a<esi:include src="/x`},
		{"what follows a broken tag is read", `<esi:include <esi:include src="/x"/>`, `<esi:include [/x]`},
		{"a tag without name is text", `<esi:>a</esi:>`, `<esi:>a</esi:>`},
		{"variables stand in attributes", `<esi:include src="/x?$(QUERY_STRING)&amp;$(A_1)"/>`, "[/x?$(QUERY_STRING)&$(A_1)]"},
		{"variables stand in vars", `$(A)<esi:vars>b$(B)$(C)d$(e)$()$(</esi:vars>$(F)`, "$(A)b{B}{C}d$(e)$()$($(F)"},
		{"vars may include", `<esi:vars>$(A)<esi:include src="/x"/>$(B)</esi:vars>`, "{A}[/x]{B}"},
		{"elements are closed with the one they stand in", `<esi:remove>a<esi:vars>b</esi:remove>c$(D)`, "c$(D)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := show(compile(t, test.page)); got != test.want {
				t.Errorf("Compile(%q) = %s; want %s", test.page, got, test.want)
			}
		})
	}
}

func TestWarningsHaveLineAndColumn(t *testing.T) {
	tests := []struct {
		name, page string
		want       []string
	}{
		{"a page without mistakes has none", `<esi:include src="/x" xmlns:esi="http://www.edge-delivery.org/esi/1.0"/>a`, nil},
		{"an include that is not closed", "a\n<esi:include src=\"/x\">b", []string{"2:1: include is not closed; end its tag with />, or add </esi:include>"}},
		{"an include that is not closed in another", `<esi:include src="/x"><esi:include src="/y"><esi:vars></esi:include></esi:include>`,
			[]string{"1:45: vars is not closed; add </esi:vars>"}},
		{"an include without end tag in an attempt", `<esi:try><esi:attempt><esi:include src="/x"></esi:attempt></esi:try>`, []string{"1:23: include is not closed; end its tag with />, or add </esi:include>"}},
		{"an include with a misspelled src", "\n <esi:include scr=\"/x\"/>", []string{"2:2: include has no src; add the address of a fragment as src", "2:15: scr is no attribute of include; did you mean \"src\"?"}},
		{"an include that has only an alt", `<esi:include alt="/y"/>`, []string{"1:1: include has no src; add the address of a fragment as src"}},
		{"unknown attributes", "<esi:include src=\"/x\"\n dca=esi method='GET'/>", []string{"2:2: dca is no attribute of include; remove it", "2:10: method is no attribute of include; remove it"}},
		{"an attribute of another element", `<esi:vars src="/x"></esi:vars>`, []string{"1:11: src is no attribute of vars; remove it"}},
		{"an attribute of an element that has none", `<esi:remove a.é="b">c</esi:remove>`, []string{"1:13: a.é is no attribute of remove; remove it"}},
		{"an attribute of text", `<esi:text x>a</esi:text>`, []string{"1:11: x is no attribute of text; remove it"}},
		{"an attribute of an unknown element", `<esi:magic a="b"/>`, []string{"1:1: esi:magic is unknown and was taken out; remove it"}},
		{"an unknown element", "a\n b<esi:magic/>", []string{"2:3: esi:magic is unknown and was taken out; remove it"}},
		{"an unknown element with an end", "<esi:magic>a</esi:magic>", []string{"1:1: esi:magic is unknown and was taken out; remove it"}},
		{"the end of an unknown element", "</esi:magic>", []string{"1:1: magic is closed but was not open; remove the end tag"}},
		{"an include without src", "<esi:include/>", []string{"1:1: include has no src; add the address of a fragment as src"}},
		{"an onerror that means nothing", `<esi:include src="/x" onerror="stop"/>`, []string{`1:1: onerror of an include can only be "continue"; write onerror="continue"`}},
		{"a maxwait that is no number", `<esi:include src="/x" maxwait="1s"/>`, []string{"1:1: maxwait of an include is a number of milliseconds above 0; write maxwait=\"300\" for 300 ms"}},
		{"a maxwait of zero", `<esi:include src="/x" maxwait="0"/>`, []string{"1:1: maxwait of an include is a number of milliseconds above 0; write maxwait=\"300\" for 300 ms"}},
		{"a broken tag", "\n\n<esi:include src=<>", []string{"3:1: this is no well-formed esi: tag, so it is text; end it with >, and its values with their quotes"}},
		{"an element that is not closed", "a<esi:remove>\n<esi:vars>", []string{"1:2: remove is not closed; add </esi:remove>", "2:1: vars is not closed; add </esi:vars>"}},
		{"an element that was not open", "</esi:try>", []string{"1:1: try is closed but was not open; remove the end tag"}},
		{"an element closed by the one around it", "<esi:remove><esi:vars></esi:remove>", []string{"1:13: vars is not closed; add </esi:vars>"}},
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

func TestMaxWaitOutOfRangeIsTheDefault(t *testing.T) {
	p := esi.Compile([]byte(`<esi:include src="/x" maxwait="99999999999999999999"/>`))
	if got := p.Segments[0].Include.MaxWait; got != 0 {
		t.Errorf("MaxWait = %v; want 0", got)
	}
}

func TestDeepNestingIsBounded(t *testing.T) {
	page := strings.Repeat(`<esi:include src="/x">`, 5000) + "end" + strings.Repeat("</esi:include>", 5000)
	depth := 0
	for p := esi.Compile([]byte(page)); p != nil; depth++ {
		var inner *esi.Program
		for _, s := range p.Segments {
			if s.Include != nil {
				inner = s.Include.Fallback
			}
		}
		p = inner
	}
	if depth > 65 {
		t.Errorf("programs are nested %d deep; want at most 65", depth)
	}
}

func TestWarningsAreBounded(t *testing.T) {
	page := strings.Repeat("<esi:magic/>", 5000)
	if n := len(esi.Compile([]byte(page)).Warnings); n != 20 {
		t.Errorf("Compile kept %d warnings; want 20", n)
	}
}

func TestExpandDoesNotReadWhatAVariableBringsIn(t *testing.T) {
	p := esi.Compile([]byte(`<esi:include src="/x?$(Q)$(R)"/>`))
	values := map[string]string{"Q": "$(R)", "R": "r"}
	got := p.Segments[0].Include.Src.Expand(func(v esi.Variable) string { return values[v.Name] })
	if want := "/x?$(R)r"; got != want {
		t.Errorf("Expand = %q; want %q", got, want)
	}
}

func ExampleCompile() {
	page := `<h1>Shop</h1><esi:include src="/cart/mini" maxwait="300">no cart</esi:include>`
	for _, s := range esi.Compile([]byte(page)).Segments {
		if s.Include == nil {
			fmt.Printf("write %s\n", s.Text)
			continue
		}
		fmt.Printf("fetch %s within %v, else %s\n", s.Include.Src, s.Include.MaxWait, s.Include.Fallback.Segments[0].Text)
	}
	// Output:
	// write <h1>Shop</h1>
	// fetch /cart/mini within 300ms, else no cart
}
