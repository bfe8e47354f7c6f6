package store

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{" -–— ", nil},
		{"Linen Apron", []string{"linen", "apron"}},
		{"Crème brûlée", []string{"creme", "brulee"}},
		{"cre\u0300me", []string{"creme"}},
		{"Straße STRASSE STRAẞE", []string{"strasse", "strasse", "strasse"}},
		{"ÅNGSTRÖM", []string{"angstrom"}},
		{"İstanbul", []string{"istanbul"}},
		{"ΣΊΣΥΦΟΣ Σίσυφος", []string{"σισυφοσ", "σισυφοσ"}},
		{"Ꮭ ꮭ", []string{"Ꮭ", "Ꮭ"}},
		{"T-shirt, 2½-inch (new!)", []string{"t", "shirt", "2½", "inch", "new"}},
		{"日本 한국", []string{"日本", "\u1112\u1161\u11ab\u1100\u116e\u11a8"}},
		{"\u0301 a", []string{"a"}},
		{"a\xffb\x00c", []string{"a", "b", "c"}},
	} {
		if diff := cmp.Diff(tt.want, newFolder().words(tt.text)); diff != "" {
			t.Errorf("words(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestQueryWords(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"b a", []string{"a", "b"}},
		{"mug MUG Müg", []string{"mug"}},
		{"lin l linen a li", []string{"a", "linen"}},
	} {
		got := queryWords(tt.text)
		if strings.Join(got, " ") != strings.Join(tt.want, " ") {
			t.Errorf("queryWords(%q) = %q; want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"", "Crème brûlée", "STRAẞE", "İ\u0345ŉ", "\xff\u0301", "a-b c’d", "ﬁne ½ Ǆ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folder := newFolder()
		words := folder.words(text)
		found := map[string]bool{}
		for _, w := range words {
			found[w] = true
			if w == "" || !utf8.ValidString(w) {
				t.Fatalf("words(%q) has the word %q", text, w)
			}
			if again := folder.words(w); len(again) != 1 || again[0] != w {
				t.Errorf("words(%q) = %q; want the word itself", w, again)
			}
		}
		if upper := folder.words(strings.ToUpper(text)); len(upper) != len(words) && isASCII(text) {
			t.Errorf("words(%q) = %q, in capitals %q", text, words, upper)
		}
		for _, w := range queryWords(text) {
			if !found[w] {
				t.Errorf("queryWords(%q) has %q, words are %q", text, w, words)
			}
		}
	})
}
