package esi_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"selvedge/composer/esi"
)

// compile compiles a page, and fails the test if it makes a difference how the
// page arrives: cut once anywhere, byte by byte, or cut at random.
func compile(t *testing.T, page string) *esi.Program {
	t.Helper()
	whole := esi.Compile([]byte(page))
	random := rand.New(rand.NewPCG(1, uint64(len(page))))
	for i := range len(page) + 1 {
		same(t, whole, page[:i], page[i:])
		same(t, whole, cut(page, func() int { return 1 + random.IntN(i+1) })...)
	}
	same(t, whole, strings.Split(page, "")...)
	return whole
}

// cut cuts a page into pieces of these lengths.
func cut(page string, length func() int) []string {
	var chunks []string
	for page != "" {
		n := min(length(), len(page))
		chunks = append(chunks, page[:n])
		page = page[n:]
	}
	return chunks
}

// same fails the test if a page that arrives in chunks is another program than
// whole, or one that Compiler gave out otherwise than it is.
func same(t *testing.T, whole *esi.Program, chunks ...string) {
	t.Helper()
	var c esi.Compiler
	var given []esi.Segment
	var shown []string // when they were given
	give := func(segments []esi.Segment) {
		given = append(given, segments...)
		for _, s := range segments {
			shown = append(shown, showSegment(s))
		}
	}
	for _, chunk := range chunks {
		buffer := []byte(chunk)
		give(c.Write(buffer))
		clear(buffer)
	}
	rest, got := c.Close()
	give(rest)
	if !reflect.DeepEqual(got, whole) {
		t.Fatalf("%q is %s %v; want %s %v", chunks, show(got), got.Warnings, show(whole), whole.Warnings)
	}
	for i, s := range given {
		if now := showSegment(s); now != shown[i] {
			t.Fatalf("%q: segment %q was given out and became %q", chunks, shown[i], now)
		}
	}
	if !slices.Equal(joined(given), joined(got.Segments)) {
		t.Fatalf("%q was given out as %q; want %q", chunks, joined(given), joined(got.Segments))
	}
}

func showSegment(s esi.Segment) string {
	return show(&esi.Program{Segments: []esi.Segment{s}})
}

// joined writes segments, text that stands together as one, and the others as
// the very ones that they are.
func joined(segments []esi.Segment) []string {
	var all []string
	text := false
	for _, s := range segments {
		switch {
		case s.Text == nil:
			all = append(all, fmt.Sprintf("%p %p %p %p", s.Include, s.Variable, s.Choose, s.Try))
		case text:
			all[len(all)-1] += string(s.Text)
		default:
			all = append(all, string(s.Text))
		}
		text = s.Text != nil
	}
	return all
}

func TestSegmentsAreGivenOutWhenTheyAreFinal(t *testing.T) {
	tests := []struct {
		name   string
		chunks []string
		want   []string // what each of them gives out, and the end
	}{
		{"text at once", []string{"a", "b"}, []string{"a", "b", ""}},
		{"an include with its tag", []string{`a<esi:include src="`, `/x"/`, `>`, "b"}, []string{"a", "", "[/x]", "b", ""}},
		{"an include with content with its end tag", []string{`a<esi:include src="/x">b`, "c</esi:include>d"}, []string{"a", "[/x?bc]d", ""}},
		{"an include without end tag with the page", []string{`a<esi:include src="/x">b`, "c"}, []string{"a", "", "[/x]bc"}},
		{"or with what it stands in", []string{`<!--esi <esi:include src="/x">b`, "-->c"}, []string{" ", "[/x]bc", ""}},
		{"what may be a tag is held back", []string{"a<", "b<es", "i <", "/esi", "</esi:x", ">"}, []string{"a", "<b", "<esi ", "", "</esi", "", ""}},
		{"what may be a comment is held back", []string{"a<!", "-", "-e", "s", "i", "x-", "->b"}, []string{"a", "", "", "", "", "<!--esix", "-->b", ""}},
		{"what may be CDATA is held back", []string{"a<![CDAT", "A", "[b]", "]>"}, []string{"a", "", "<![CDATA[b", "]]>", ""}},
		{"what may be an empty ESI comment is held back", []string{"a<!--esi-", "-", ">b<!--esi-", "->"}, []string{"a", "", "b", "", ""}},
		{"comments leave as they come", []string{"<!-- a", "b-", "c"}, []string{"<!-- a", "b", "-c", ""}},
		{"--> is held back in an ESI comment only", []string{"a--", ">", "<!--esi b-", "-", ">c"}, []string{"a--", ">", " b", "", "c", ""}},
		{"vars let through what stands in them", []string{"<esi:vars>a$(B)", `c<esi:include src="/x"/>`, "d</esi:vars>"}, []string{"a{B}", "c[/x]", "d", ""}},
		{"what may be a variable is held back in vars", []string{"$(<esi:vars>a$", "(B", "{c}", "|'d", "')e", "$$(", "f"}, []string{"$(a", "", "", "", "{B{c}|'d'}e", "$", "$(f", ""}},
		{"and nowhere else", []string{"a$", "(B"}, []string{"a$", "(B", ""}},
		{"an ESI comment lets through what stands in it", []string{"<!--esi a", `<esi:include src="/x"/>`}, []string{" a", "[/x]", ""}},
		{"an inline lets through what stands in it", []string{`<esi:inline name="/x">a`, "b"}, []string{"a", "b", ""}},
		{"a text lets through what stands in it", []string{"<esi:text>a", "<esi:x/></es", "i:tex", "t", " ", ">b"}, []string{"a", "<esi:x/>", "", "", "", "b", ""}},
		{"remove waits for its end", []string{"<esi:remove>a", "b", "</esi:remove>c"}, []string{"", "", "c", ""}},
		{"a comment waits for its end", []string{"<esi:comment>a", "</esi:comment>b"}, []string{"", "b", ""}},
		{"a choose waits for its end", []string{`<esi:choose><esi:when test="1">a`, "</esi:when>", "</esi:choose>b"}, []string{"", "", "(when:a)b", ""}},
		{"a try waits for its end", []string{"<esi:try><esi:attempt>a</esi:attempt>", "</esi:try>b"}, []string{"", "(attempt:a|except:)b", ""}},
		{"what is dropped waits for nothing more", []string{"<esi:except>a", "</esi:except>b"}, []string{"", "b", ""}},
		{"a tag that is none leaves when that is seen", []string{`<esi:include src`, "=x<"}, []string{"", "<esi:include src=x", "<"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var c esi.Compiler
			var got []string
			for _, chunk := range test.chunks {
				got = append(got, show(&esi.Program{Segments: c.Write([]byte(chunk))}))
			}
			rest, _ := c.Close()
			got = append(got, show(&esi.Program{Segments: rest}))
			if !slices.Equal(got, test.want) {
				t.Errorf("chunks %q give out %q; want %q", test.chunks, got, test.want)
			}
		})
	}
}

// FuzzChunks cuts pages after as many bytes as the cuts say in turn.
func FuzzChunks(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, []byte{1, byte(i), 7})
	}
	f.Fuzz(func(t *testing.T, page string, cuts []byte) {
		next := 0
		same(t, esi.Compile([]byte(page)), cut(page, func() int {
			if len(cuts) == 0 {
				return 1
			}
			next++
			return 1 + int(cuts[next%len(cuts)])
		})...)
	})
}
