package search

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
		{"Straße STRASSE STRAẞE", []string{"strasse"}},
		{"ÅNGSTRÖM", []string{"angstrom"}},
		{"İstanbul", []string{"istanbul"}},
		{"ΣΊΣΥΦΟΣ Σίσυφος", []string{"σισυφοσ"}},
		{"Ꮭ ꮭ", []string{"Ꮭ"}},
		{"T-shirt, 2½-inch (new!)", []string{"t", "shirt", "2½", "inch", "new"}},
		{"日本 한국", []string{"日本", "\u1112\u1161\u11ab\u1100\u116e\u11a8"}},
		{"\u0301 b", []string{"b"}},
		{"d\xffb\x00c", []string{"d", "b", "c"}},
		{"mug MUG Müg", []string{"mug"}},
		{"the lamp for a desk", []string{"lamp", "desk"}},
		{"for the", []string{"for", "the"}},
		{"chef's chef’s 'quoted' dogs'", []string{"chefs", "quoted", "dogs"}},
		{"20 cm, 20cm, 20 centimetres", []string{"20cm"}},
		{"42 × 50 × 88 cm", []string{"42cm", "50cm", "88cm"}},
		{"60–200 cm", []string{"60cm", "200cm"}},
		{"8 mugs of 3 l", []string{"8", "mugs", "3l"}},
		{"60 °C or 60°C", []string{"60c"}},
		{"9.5 cm and 9,5", []string{"9.5cm", "9.5"}},
		{"1,240 °C, 1,240,000", []string{"1240c", "1240000"}},
		{"2027. 3", []string{"2027", "3"}},
		{"E27, IP67, 33⅓", []string{"e27", "ip67", "33⅓"}},
		{strings.Repeat("b bb bbb c cc ccc d dd ddd e ee eee f ff ", 2), []string{"b", "bb", "bbb", "c", "cc", "ccc", "d", "dd", "ddd", "e", "ee", "eee"}},
	} {
		if diff := cmp.Diff(tt.want, newFolder().words(tt.text)); diff != "" {
			t.Errorf("words(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{"", "Crème brûlée", "STRAẞE", "İ\u0345ŉ", "\xff\u0301", "a-b c’d 1,2.3 cm", "ﬁne ½ Ǆ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folder := newFolder()
		words := folder.words(text)
		for _, w := range words {
			if w == "" || !utf8.ValidString(w) {
				t.Fatalf("words(%q) has the word %q", text, w)
			}
			if again := folder.words(w); len(again) != 1 || again[0] != w {
				t.Errorf("words(%q) = %q; want the word itself", w, again)
			}
		}
	})
}
