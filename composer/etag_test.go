package composer

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"selvedge/composer/internal/header"
)

func etagOf(m *merged) string { return headerOf(m).Get("Etag") }

// placed is a place whose text is an address.
func placed(address string) place { return place{source: &source{name: "some"}, target: address} }

// having is what a response at an address gives.
func having(address, body string, lines ...string) *contribution {
	c := contributionOf(placed(address), linesOf(lines), noon, noon)
	c.setBody([]byte(body))
	return &c
}

func TestETagOfAPageTellsWhatItShows(t *testing.T) {
	template := having("/t", "t", `ETag: "t"`)
	a1, a2 := having("/a", "1", `ETag: "1"`), having("/a", "2", `ETag: "2"`)
	b1 := having("/b", "1", `ETag: "1"`)
	plain, other := having("/c", "plain"), having("/c", "other")
	text := func(texts ...string) *merged {
		m := mergedOf(template)
		for _, s := range texts {
			m.addText(s)
		}
		return m
	}
	choice := func(branch int) *merged {
		return after(mergedOf(template), func(m *merged) { m.addChoice(branch) })
	}
	failed := func(then ...*contribution) *merged {
		m := after(mergedOf(template), (*merged).addFailure)
		for _, c := range then {
			m.add(c, false)
		}
		return m
	}
	pages := []struct {
		name string
		page *merged
	}{
		{"with a fragment", mergedOf(template, a1)},
		{"with a newer one", mergedOf(template, a2)},
		{"with another one that has the same ETag", mergedOf(template, b1)},
		{"with both", mergedOf(template, a1, b1)},
		{"with both the other way round", mergedOf(template, b1, a1)},
		{"with one twice", mergedOf(template, a1, a1)},
		{"of another template", mergedOf(having("/t", "t", `ETag: "t2"`), a1)},
		{"with a fragment without an ETag", mergedOf(template, plain)},
		{"with one that has other bytes", mergedOf(template, other)},
		{"with a text", text("ab")},
		{"with another text", text("ba")},
		{"with two texts", text("a", "b")},
		{"with the same divided otherwise", text("ab", "")},
		{"with a text with zeros", text("ab\x00")},
		{"without a branch", choice(-1)},
		{"with the first branch", choice(0)},
		{"with the second", choice(1)},
		{"with a text that is like a branch", text("\x03")},
		{"with a branch that is like a failure", choice(isAFailure)},
		{"with nothing for what has failed", failed()},
		{"with something else for it", failed(a1)},
	}
	seen := make(map[string]string)
	for _, test := range pages {
		etag := etagOf(test.page)
		if len(etag) != 18 || etag[0] != '"' {
			t.Errorf("page %s has the ETag %q; want a strong one", test.name, etag)
		}
		if other, ok := seen[etag]; ok {
			t.Errorf("page %s has the ETag of the page %s", test.name, other)
		}
		seen[etag] = test.name
	}
	// The same in every process, and so for whoever has a page of the last one.
	const want = `"9510d9b0c748ebd2"`
	if got := etagOf(mergedOf(template, having("/a", "x", `ETag: "1"`))); got != want || got != etagOf(mergedOf(template, a1)) {
		t.Errorf("ETag of the same page = %s; want %s", got, want)
	}
}

func TestETagOfAPageIsAsStrongAsItsParts(t *testing.T) {
	strong, weak := having("/", "", `ETag: "1"`), having("/", "", `ETag: W/"1"`)
	dated := contributionOf(placed("/"), linesOf([]string{at("Last-Modified", -time.Hour)}), noon, noon)
	tagged := contributionOf(placed("/"), linesOf([]string{`ETag: "1"`}), noon, noon)
	unknown := contributionOf(placed("/"), http.Header{}, noon, noon)
	tests := []struct {
		name, want string
		page       *merged
	}{
		{"strong if all are", `"`, mergedOf(strong, strong)},
		{"strong by its bytes", `"`, mergedOf(strong, having("/", "body"))},
		{"strong by its bytes, of which there are none", `"`, mergedOf(strong, having("/", ""))},
		{"weak if a fragment is", "W", mergedOf(strong, weak)},
		{"weak if the template is", "W", mergedOf(weak, strong)},
		{"strong if a part has an ETag and streams", `"`, mergedOf(strong, &tagged)},
		{"weak if a part has but a date and streams", "W", mergedOf(strong, &dated)},
		{"weak if bytes differ that are no part", "W", after(mergedOf(strong), (*merged).weaken)},
		{"none if a part has nothing and streams", "", mergedOf(strong, &unknown)},
		{"none if a part is not known", "", after(mergedOf(strong), (*merged).addUnknown)},
		{"there is one although the page is one visitor's", `"`, after(mergedOf(strong), (*merged).keepPrivate)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := etagOf(test.page); got[:min(len(got), 1)] != test.want {
				t.Errorf("ETag = %s; want it to begin with %q", got, test.want)
			}
		})
	}
}

func TestAFragmentsAgeDoesNotChangeTheETag(t *testing.T) {
	fresh, old := contributed("Cache-Control: max-age=9"), contributed("Cache-Control: max-age=9", "Age: 5")
	if a, b := etagOf(mergedOf(fresh, fresh)), etagOf(mergedOf(fresh, old)); a != b {
		t.Errorf("ETag = %s, and %s five seconds later; want the same", a, b)
	}
}

func TestSumsOfSimilarTextsDiffer(t *testing.T) {
	seen := make(map[header.ValidatorHash]string)
	for i := range 200_000 {
		for _, text := range []string{strconv.Itoa(i), strings.Repeat("\x00", i%500) + strconv.Itoa(i/500)} {
			s := header.AddText(header.EmptyHash, text)
			if other, ok := seen[s]; ok && other != text {
				t.Fatalf("addTo(%q) = addTo(%q)", text, other)
			}
			seen[s] = text
			if bytes := header.AddText(header.EmptyHash, []byte(text)); bytes != s {
				t.Fatalf("addTo(%q) = %x, and of its bytes %x; want the same", text, s, bytes)
			}
		}
	}
}

func TestNotModified(t *testing.T) {
	modified := noon.Add(-time.Hour)
	since := func(after time.Duration) string { return at("If-Modified-Since", after) }
	tests := []struct {
		name    string
		request []string
		etag    string
		want    bool
	}{
		{"nothing is asked", nil, `"a"`, false},
		{"the same ETag", []string{`If-None-Match: "a"`}, `"a"`, true},
		{"another one", []string{`If-None-Match: "b"`}, `"a"`, false},
		{"in another case", []string{`If-None-Match: "A"`}, `"a"`, false},
		{"compared weakly (RFC 9110 §13.1.2)", []string{`If-None-Match: W/"a"`}, `"a"`, true},
		{"compared weakly the other way", []string{`If-None-Match: "a"`}, `W/"a"`, true},
		{"both are weak", []string{`If-None-Match: W/"a"`}, `W/"a"`, true},
		{"in a list", []string{`If-None-Match: "b", W/"c" ,"a"`}, `"a"`, true},
		{"in a list with holes (§5.6.1)", []string{`If-None-Match: , ,"b",, "a",`}, `"a"`, true},
		{"in another line", []string{`If-None-Match: "b"`, `If-None-Match: "a"`}, `"a"`, true},
		{"a comma in a tag", []string{`If-None-Match: "b,", "a"`}, `"a"`, true},
		{"a part of a tag", []string{`If-None-Match: "b, "a""`}, `"a"`, false},
		{"a backslash is no escape (§8.8.3)", []string{`If-None-Match: "b\", "a"`}, `"a"`, true},
		{"anything", []string{"If-None-Match:  * "}, `"a"`, true},
		{"anything, and there is no ETag", []string{"If-None-Match: *"}, "", true},
		{"something, and there is no ETag", []string{`If-None-Match: "", ""`}, "", false},
		{"without quotes", []string{"If-None-Match: a"}, `"a"`, false},
		{"without an end", []string{`If-None-Match: "a`}, `"a"`, false},
		{"behind something broken", []string{`If-None-Match: x, "a"`}, `"a"`, false},
		{"without a comma", []string{`If-None-Match: "b" "a"`}, `"a"`, false},
		{"an empty field", []string{"If-None-Match: "}, `"a"`, false},
		{"since its last change (§13.1.3)", []string{since(-time.Hour)}, "", true},
		{"since later", []string{since(0)}, "", true},
		{"since before", []string{since(-time.Hour - time.Second)}, "", false},
		{"since no date", []string{"If-Modified-Since: noon"}, "", false},
		{"since two dates", []string{since(0), since(0)}, "", false},
		{"If-None-Match comes first, and differs (§13.2.2)", []string{since(0), `If-None-Match: "b"`}, `"a"`, false},
		{"If-None-Match comes first, and is the same", []string{since(-2 * time.Hour), `If-None-Match: "a"`}, `"a"`, true},
		{"If-None-Match comes first, and there is no ETag", []string{since(0), `If-None-Match: "b"`}, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := header.NotModified(linesOf(test.request), test.etag, modified); got != test.want {
				t.Errorf("notModified(%q, %s) = %v; want %v", test.request, test.etag, got, test.want)
			}
		})
	}
	if header.NotModified(linesOf([]string{since(0)}), `"a"`, time.Time{}) {
		t.Error("not modified since noon, but there is no Last-Modified")
	}
	if !header.NotModified(linesOf([]string{since(0)}), "", noon.Add(time.Second/2)) {
		t.Error("modified half a second after noon; want that within the second")
	}
}

func FuzzNotModified(f *testing.F) {
	for _, seed := range []string{"", "*", `"a"`, `W/"a", "b"`, `"a`, `,,"",`, `W/W/"a"`} {
		f.Add(seed, `"a"`)
	}
	f.Fuzz(func(t *testing.T, field, tag string) {
		tag = `"` + strings.ReplaceAll(tag, `"`, "") + `"`
		header.MatchesTag([]string{field}, tag)
		if !header.MatchesTag([]string{field, tag}, "W/"+tag) || !header.MatchesTag([]string{tag + ", " + field}, tag) {
			t.Errorf("%s is not found beside %q", tag, field)
		}
		if header.MatchesTag([]string{field}, tag) && !strings.Contains(field, tag) && strings.TrimSpace(field) != "*" {
			t.Errorf("%s is found in %q", tag, field)
		}
	})
}

func BenchmarkNotModified(b *testing.B) {
	request := linesOf([]string{`If-None-Match: "0123456789abcdef", W/"3e1b8a1c5d0f9277"`})
	b.ReportAllocs()
	for b.Loop() {
		if !header.NotModified(request, `"3e1b8a1c5d0f9277"`, time.Time{}) {
			b.Fatal("modified")
		}
	}
}
