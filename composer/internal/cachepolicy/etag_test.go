package cachepolicy

import (
	"net/http"
	"testing"
	"time"

	"selvedge/composer/internal/headertest"
)

func etagOf(m *Combined) string { return headerOf(m).Get("Etag") }

// placed is where a response comes from, by its address.
type placed string

func (p placed) String() string { return "/fragments/some" + string(p) }

func noViews([]string, bool) byte { return 0 }

// having is what a response at an address gives.
func having(address, body string, lines ...string) *Policy {
	c := New(placed(address), headertest.Header(lines...), noon, noon, noViews)
	c.SetBody([]byte(body))
	return &c
}

func TestETagOfAPageTellsWhatItShows(t *testing.T) {
	template := having("/t", "t", `ETag: "t"`)
	a1, a2 := having("/a", "1", `ETag: "1"`), having("/a", "2", `ETag: "2"`)
	b1 := having("/b", "1", `ETag: "1"`)
	plain, other := having("/c", "plain"), having("/c", "other")
	text := func(texts ...string) *Combined {
		m := mergedOf(template)
		for _, s := range texts {
			m.AddText(s)
		}
		return m
	}
	choice := func(branch int) *Combined {
		return after(mergedOf(template), func(m *Combined) { m.AddChoice(branch) })
	}
	failed := func(then ...*Policy) *Combined {
		m := after(mergedOf(template), (*Combined).AddFailure)
		for _, c := range then {
			m.Add(c, false)
		}
		return m
	}
	pages := []struct {
		name string
		page *Combined
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
		{"with a branch that is like a failure", choice(kindFailure)},
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
	dated := New(placed("/"), headertest.Header(at("Last-Modified", -time.Hour)), noon, noon, noViews)
	tagged := New(placed("/"), headertest.Header(`ETag: "1"`), noon, noon, noViews)
	unknown := New(placed("/"), http.Header{}, noon, noon, noViews)
	tests := []struct {
		name, want string
		page       *Combined
	}{
		{"strong if all are", `"`, mergedOf(strong, strong)},
		{"strong by its bytes", `"`, mergedOf(strong, having("/", "body"))},
		{"strong by its bytes, of which there are none", `"`, mergedOf(strong, having("/", ""))},
		{"weak if a fragment is", "W", mergedOf(strong, weak)},
		{"weak if the template is", "W", mergedOf(weak, strong)},
		{"strong if a part has an ETag and streams", `"`, mergedOf(strong, &tagged)},
		{"weak if a part has but a date and streams", "W", mergedOf(strong, &dated)},
		{"weak if bytes differ that are no part", "W", after(mergedOf(strong), (*Combined).Weaken)},
		{"none if a part has nothing and streams", "", mergedOf(strong, &unknown)},
		{"none if a part is not known", "", after(mergedOf(strong), (*Combined).AddUnknown)},
		{"there is one although the page is one visitor's", `"`, after(mergedOf(strong), (*Combined).KeepPrivate)},
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
