package esi_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"selvedge/composer/esi"
)

// seeds are pages that try to make a compiler fail or take long.
var seeds = []string{
	"",
	"plain $(X) text",
	`<p><esi:include src="/a" alt="/b" onerror="continue" maxwait="10">c</esi:include></p>`,
	`<!--esi <esi:vars>$(QUERY_STRING)</esi:vars> -->`,
	`<esi:remove><esi:comment text="x"/></esi:remove>`,
	"<!-- <![CDATA[ --> ]]>",
	`<esi:include src="<esi:include src='<esi:`,
	"</esi:include></esi:vars><esi:",
	"<esi:vars>$($($(A)$(B",
	`<esi:choose><esi:when test="$(A{b}|'c') matches '^a+$' && !(1<2)">a</esi:when><esi:otherwise>b</esi:otherwise></esi:choose>`,
	`<esi:try><esi:attempt><esi:include src="/a#b" ttl="5m"/></esi:attempt><esi:except>c</esi:except></esi:try>`,
	`<esi:text><esi:x/></esi:text><esi:inline name="/x">y</esi:inline>`,
	"<esi:when test='1'><esi:choose><esi:when test='(((",
	`<esi:include src=/x/ required a="b"c='d'/><esi:vars name="$(A{'b'}|"c")"/><!--esi-->`,
	`<esi:when test="'\" =~ '/a/i'">`,
}

func FuzzCompile(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		before := bytes.Clone(page)
		program := esi.Compile(page)
		got := show(program)
		if !bytes.Equal(page, before) {
			t.Fatalf("Compile changed the page %q", before)
		}
		plain := !bytes.Contains(page, []byte("<esi:")) && !bytes.Contains(page, []byte("</esi:")) && !bytes.Contains(page, []byte("<!--esi"))
		if plain && (got != string(page) || len(program.Segments) > 1) {
			t.Errorf("Compile(%q) writes %q in %d segments; want the same bytes in one", page, got, len(program.Segments))
		}
	})
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"1==1", "!('a' < $(B{c}|'d')) | 1 & 2", `$(A) matches "a*" || $(A) has_i 'b'`, `"""a""">=-1.5`, "'a' =~ '/b/i'", "((("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := esi.ParseExpression(text)
		if (e == nil) == (err == nil) {
			t.Fatalf("ParseExpression(%q) = %v, %v; want one of the two", text, e, err)
		}
		if err != nil {
			return
		}
		negated, err := esi.ParseExpression("!(" + text + ")")
		if err == nil && negated.True(lookup) == e.True(lookup) {
			t.Errorf("%q and its negation are both %t", text, e.True(lookup))
		}
	})
}

// BenchmarkCompile shows that cost grows with length and not faster, for a
// shop's page and for pages made to be slow: compare the MB/s of the sizes.
func BenchmarkCompile(b *testing.B) {
	pages := map[string]string{
		"shop":      strings.Repeat("<li>text</li>\n", 300) + `<esi:include src="/a">b</esi:include>`,
		"unclosed":  `<esi:include src="/a">x`,
		"nested":    strings.Repeat("<esi:remove>", 60) + strings.Repeat("</esi:remove>", 60),
		"broken":    `<esi:include src="<esi:include src='`,
		"comments":  "<!--esi <!-- ",
		"variables": "<esi:vars>$(A$(B)",
		"choose":    `<esi:choose><esi:when test="$(A{b}) == 'c' & 1 < 2">a $(B)</esi:when><esi:otherwise>b</esi:otherwise></esi:choose>`,
		"try":       `<esi:try><esi:attempt><esi:include src="/a"/></esi:attempt><esi:except>b</esi:except></esi:try>`,
		"branches":  `<esi:choose>a<esi:when test='1'>b</esi:when>`,
		"tests":     `<esi:choose><esi:when test="((((((!!!!!!1|1|1|1&`,
		"patterns":  `<esi:choose><esi:when test="1 matches '(a{1,1000}){0,1}'"/></esi:choose>`,
		"defaults":  `<esi:vars>$(A{bbbb$(A|'bbbb`,
		"text":      "<esi:text></esi:textual>",
		"parts":     `<esi:include src="/a#$(A)#$(B)"/>`,
		"stray":     "</esi:vars><esi:include src='/a'>",
	}
	for name, unit := range pages {
		for _, size := range []int{10_000, 100_000, 1_000_000} {
			page := repeated(unit, size)
			b.Run(name+"/"+sizeName(size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					esi.Compile(page)
				}
			})
		}
	}
}

// BenchmarkWrite shows the same of pages of which each byte comes alone, and
// of one that comes in the chunks of a copy.
func BenchmarkWrite(b *testing.B) {
	pages := []struct {
		name, begin, unit string
		chunk             int
	}{
		{"copied shop", "", "<li>text</li>\n", 32 << 10},
		{"shop", "", "<li>text</li>\n", 1},
		{"includes", "", `<esi:include src="/a"/>`, 1},
		{"long name", "<esi:", "a", 1},
		{"long gap", "<esi:vars", " ", 1},
		{"long value", `<esi:include src="`, "a>", 1},
		{"long comment", "<!--", "--", 1},
		{"long end of text", "<esi:text></esi:text", " ", 1},
		{"variables", "<esi:vars>", "$(AAAAAAAAAAAAAAAA{bbbbbbbbbbbb", 1},
		{"defaults", "<esi:vars>", "$(A|'" + long, 1},
		{"never closed", "<esi:remove>", "a<b", 1},
	}
	for _, page := range pages {
		for _, size := range []int{10_000, 100_000, 1_000_000} {
			text := append([]byte(page.begin), repeated(page.unit, size)...)
			b.Run(page.name+"/"+sizeName(size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					var c esi.Compiler
					for chunk := range slices.Chunk(text, page.chunk) {
						c.Write(chunk)
					}
					c.Close()
				}
			})
		}
	}
}

func repeated(unit string, size int) []byte {
	return []byte(strings.Repeat(unit, size/len(unit)+1)[:size])
}

func sizeName(size int) string {
	return map[int]string{10_000: "10KB", 100_000: "100KB", 1_000_000: "1MB"}[size]
}
