package cachepolicy

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer/internal/header"
	"selvedge/composer/internal/headertest"
)

var noon, at = headertest.Noon, headertest.At

// contributed is what a response gives that has arrived at noon. With an Age
// it came out of the cache.
func contributed(lines ...string) *Policy {
	h := headertest.Header(lines...)
	c := New(placed("/"), h, noon.Add(-header.InitialAge(h, noon, noon)), noon, noViews)
	c.SetBody([]byte("body"))
	return &c
}

// mergedOf begins a page at noon with the first of some responses, and adds
// the others.
func mergedOf(parts ...*Policy) *Combined {
	m := new(Combined)
	m.Start(parts[0], noon, parts[0].Born < noon.UnixNano())
	for _, c := range parts[1:] {
		m.Add(c, c.Born < noon.UnixNano())
	}
	return m
}

func headerOf(m *Combined) http.Header {
	h := make(http.Header)
	m.setHeader(h, "")
	return h
}

func (m *Combined) setHeader(page http.Header, template header.Compact) {
	var v header.Builder
	m.AppendHeader(&v, page, template)
	v.SetFields(page)
}

func TestFreshnessOfAPage(t *testing.T) {
	type list = []string
	tests := []struct {
		name     string
		template list
		fragment list
		want     list // besides ETag
	}{
		{"the shortest max-age wins", list{"Cache-Control: max-age=3600"}, list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=60"}},
		{"the template's is the shortest", list{"Cache-Control: max-age=5"}, list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=5"}},
		{"the shortest s-maxage wins", list{"Cache-Control: s-maxage=3600"}, list{"Cache-Control: s-maxage=60"}, list{"Cache-Control: public, s-maxage=60"}},
		{"each of the two by itself", list{"Cache-Control: max-age=30, s-maxage=100"}, list{"Cache-Control: max-age=2000, s-maxage=50"}, list{"Cache-Control: public, max-age=30, s-maxage=50"}},
		{"s-maxage that is not there is max-age", list{"Cache-Control: max-age=10, s-maxage=3600"}, list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=10, s-maxage=60"}},
		{"s-maxage is not said if max-age says it", list{"Cache-Control: max-age=10"}, list{"Cache-Control: max-age=30, s-maxage=20"}, list{"Cache-Control: max-age=10"}},
		{"a lifetime of zero", list{"Cache-Control: max-age=0, s-maxage=0"}, list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=0"}},
		{"no lifetime for browsers if a part has none", list{"Cache-Control: public, s-maxage=3600"}, list{"Cache-Control: public, max-age=60"}, list{"Cache-Control: public, s-maxage=60"}},
		{
			"and none that they could guess",
			list{"Cache-Control: s-maxage=3600", at("Last-Modified", -9000*time.Hour)},
			list{"Cache-Control: max-age=60", at("Last-Modified", -9000*time.Hour)},
			list{"Cache-Control: max-age=0, s-maxage=60", at("Last-Modified", -9000*time.Hour)},
		},
		{"max-age counts from the age of the oldest part", list{"Cache-Control: max-age=180"}, list{"Cache-Control: max-age=600", "Age: 60"}, list{"Age: 60", "Cache-Control: max-age=240"}},
		{"the part with the shortest rest is not the oldest", list{"Cache-Control: max-age=600", "Age: 60"}, list{"Cache-Control: max-age=120", "Age: 20"}, list{"Age: 60", "Cache-Control: max-age=160"}},
		{"a stale part makes the page stale", list{"Cache-Control: max-age=90", "Age: 120"}, list{"Cache-Control: max-age=120", "Age: 60"}, list{"Age: 120", "Cache-Control: max-age=90"}},
		{"max-age is never negative", list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=0", "Age: 60"}, list{"Age: 60", "Cache-Control: max-age=0"}},
		{"the largest number is not passed", list{"Cache-Control: max-age=99999999999"}, list{"Cache-Control: max-age=99999999999"}, list{"Cache-Control: max-age=2147483647"}},
		{"Expires is a lifetime, and is made again", list{at("Expires", time.Hour)}, list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=60", at("Expires", time.Minute)}},
		{"a fragment's Expires", list{"Cache-Control: max-age=86400"}, list{at("Expires", time.Hour)}, list{"Cache-Control: max-age=3600", at("Expires", time.Hour)}},
		{"Expires is when the page is stale, whatever its age", list{at("Expires", 90*time.Second)}, list{"Cache-Control: max-age=600", "Age: 120"}, list{"Age: 120", "Cache-Control: max-age=210", at("Expires", 90*time.Second)}},
		{"Expires in a hundred years", list{at("Expires", 876_000*time.Hour)}, list{"Cache-Control: public"}, list{"Cache-Control: max-age=2147483647", "Expires: Fri, 10 Dec 2094 15:14:07 GMT"}},
		{"Expires in the past", list{at("Expires", -time.Hour)}, list{"Cache-Control: max-age=600"}, list{"Cache-Control: max-age=0", at("Expires", 0)}},
		{"a fragment that says nothing is asked for each time", list{"Cache-Control: max-age=3600"}, nil, list{"Cache-Control: no-cache"}},
		{"so is a template that says nothing", nil, list{"Cache-Control: max-age=3600"}, list{"Cache-Control: no-cache"}},
		{"and one that has a validator and no lifetime", list{"Cache-Control: max-age=9", at("Last-Modified", -2*time.Hour)}, list{at("Last-Modified", -time.Hour)}, list{"Cache-Control: no-cache", at("Last-Modified", -time.Hour)}},
		{"a public fragment without a lifetime leaves it to the others", list{"Cache-Control: public, s-maxage=30"}, list{"Cache-Control: public"}, list{"Cache-Control: public, s-maxage=30"}},
		{"so does a template", list{"Cache-Control: public"}, list{"Cache-Control: public, max-age=30"}, list{"Cache-Control: public, max-age=30"}},
		{"and there may be no other", list{"Cache-Control: public"}, list{"Cache-Control: public"}, list{"Cache-Control: public"}},
		{"what was for us alone is not for those behind us", list{"Cache-Control: max-age=60", "Surrogate-Control: max-age=5"}, list{"Cache-Control: max-age=60", "CDN-Cache-Control: no-store"}, list{"Cache-Control: max-age=60"}},
		{"a part that came out of the cache at once has an age", list{"Cache-Control: max-age=60"}, list{"Cache-Control: max-age=60", "Age: 1"}, list{"Age: 1", "Cache-Control: max-age=60"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := headerOf(mergedOf(contributed(test.template...), contributed(test.fragment...)))
			delete(got, "Etag")
			if diff := cmp.Diff(headertest.Header(test.want...), got); diff != "" {
				t.Errorf("%q with %q (-want +got):\n%s", test.template, test.fragment, diff)
			}
		})
	}
}

func TestCacheControlOfAPage(t *testing.T) {
	tests := []struct{ name, template, fragment, want string }{
		{"public if all are", "public, max-age=9", "public, max-age=9", "public, max-age=9"},
		{"not public if one is not", "public, max-age=9", "max-age=9", "max-age=9"},
		{"s-maxage is for the public", "public, max-age=9", "max-age=9, s-maxage=9", "public, max-age=9"},
		{"a private fragment makes the page private", "public, max-age=9, s-maxage=5", "private, max-age=9", "private, max-age=9"},
		{"a public fragment does not make it public", "private, max-age=9", "public, max-age=9", "private, max-age=9"},
		{"private says nothing of how long", "private", "private", "private, no-cache"},
		{"no-cache wins", "public, max-age=9", "no-cache", "no-cache"},
		{"no-store wins", "public, max-age=9", "no-store, max-age=9", "no-store"},
		{"what forbids is kept together", "no-cache", "private, no-store", "private, no-cache, no-store"},
		{"must-revalidate wins", "max-age=9", "max-age=9, must-revalidate", "must-revalidate, max-age=9"},
		{"no-transform wins", "max-age=9, no-transform", "max-age=9", "no-transform, max-age=9"},
		{"immutable if all are", "max-age=9, Immutable", "immutable, max-age=9", "max-age=9, immutable"},
		{"not immutable if one is not", "max-age=9, immutable", "max-age=9", "max-age=9"},
		{"nor if it has to be asked for", "max-age=9, immutable", "no-cache, immutable", "no-cache"},
		{"stale answers are for the parts", "max-age=9, stale-while-revalidate=9", "max-age=9, stale-while-revalidate=9", "max-age=9"},
		{"a name in a quoted string is none", "max-age=9, immutable", `max-age=9, a="b, immutable"`, "max-age=9"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := mergedOf(contributed("Cache-Control: "+test.template), contributed("Cache-Control: "+test.fragment))
			if got := headerOf(m).Get("Cache-Control"); got != test.want {
				t.Errorf("%q with %q = %q; want %q", test.template, test.fragment, got, test.want)
			}
		})
	}
}

func TestAPageOfOneVisitorIsPrivate(t *testing.T) {
	const public = "Cache-Control: public, max-age=9"
	with := func(more ...string) *Policy { return contributed(append(more, public)...) }
	tests := []struct {
		name string
		page *Combined
		want string
	}{
		{"a fragment varies on cookies", mergedOf(with(), with("Vary: cookie")), "private, max-age=9"},
		{"a fragment varies on who is logged in", mergedOf(with(), with("Vary: Accept-Encoding, Authorization")), "private, max-age=9"},
		{"even if the template does too", mergedOf(with("Vary: Cookie"), with("Vary: Cookie")), "private, max-age=9"},
		{"a fragment varies on the language", mergedOf(with(), with("Vary: Accept-Language")), "private, max-age=9"},
		{"unless caches behind us tell pages apart by it", mergedOf(with("Vary: Accept-Language"), with("Vary: Accept-Language")), "public, max-age=9"},
		{"a fragment varies on what it does not receive", mergedOf(with(), with("Vary: Origin, Accept-Encoding")), "public, max-age=9"},
		{"a fragment varies on more than the request", mergedOf(with(), with("Vary: *")), "private, no-cache"},
		{"a template varies and says so to all", mergedOf(with("Vary: Cookie"), with()), "public, max-age=9"},
		{"a fragment sets a cookie", mergedOf(with(), with("Set-Cookie: a=b")), "private, max-age=9"},
		{"the page shows a cookie", after(mergedOf(with("Vary: Cookie")), func(m *Combined) { m.DependOn("Cookie") }), "private, max-age=9"},
		{"the page shows a field that fragments do not receive", after(mergedOf(with()), func(m *Combined) { m.DependOn("Origin") }), "private, max-age=9"},
		{"the page shows the language", after(mergedOf(with()), func(m *Combined) { m.DependOn("Accept-Language") }), "private, max-age=9"},
		{"and the template says so to all", after(mergedOf(with("Vary: Accept-Language"), with()), func(m *Combined) { m.DependOn("Accept-Language") }), "public, max-age=9"},
		{"the page has a token", after(mergedOf(with()), (*Combined).KeepPrivate), "private, no-cache"},
		{"a part was not known in time", after(mergedOf(with()), (*Combined).AddUnknown), "private, no-cache"},
		{"a part has failed", after(mergedOf(with()), (*Combined).AddFailure), "no-cache"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := headerOf(test.page).Get("Cache-Control"); got != test.want {
				t.Errorf("Cache-Control = %q; want %q", got, test.want)
			}
		})
	}
}

// after is the page after some steps more.
func after(m *Combined, steps ...func(*Combined)) *Combined {
	for _, step := range steps {
		step(m)
	}
	return m
}

func TestLastModifiedOfAPage(t *testing.T) {
	const public = "Cache-Control: max-age=9"
	old, young := contributed(public, at("Last-Modified", -2*time.Hour)), contributed(public, at("Last-Modified", -time.Hour))
	obsolete := contributed(public, "Last-Modified: Sunday, 22-Nov-26 11:00:00 GMT")
	undated, broken := contributed(public), contributed(public, "Last-Modified: yesterday")
	tests := []struct {
		name string
		page *Combined
		want string
	}{
		{"the latest of all parts", mergedOf(old, young, old), "11:00"},
		{"the template's, if it is the latest", mergedOf(young, old), "11:00"},
		{"in the form that all read (RFC 9110 §5.6.7)", mergedOf(old, obsolete), "11:00"},
		{"none if a fragment has none", mergedOf(old, undated), ""},
		{"none if the template has none", mergedOf(undated, old), ""},
		{"none if one is no date", mergedOf(old, broken), ""},
		{"none if a variable stands in the page", after(mergedOf(old), func(m *Combined) { m.AddText("") }), ""},
		{"none if a branch was taken", after(mergedOf(old), func(m *Combined) { m.AddChoice(-1) }), ""},
		{"none if an include has failed", after(mergedOf(old), (*Combined).AddFailure), ""},
		{"none if a part is not known", after(mergedOf(old), (*Combined).AddUnknown), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, want := headerOf(test.page).Get("Last-Modified"), ""
			var modified time.Time
			if test.want != "" {
				want = "Sun, 22 Nov 2026 " + test.want + ":00 GMT"
				modified, _ = http.ParseTime(want)
			}
			if got != want || !test.page.LastModified().Equal(modified) {
				t.Errorf("Last-Modified = %q, modifiedAt = %v; want %q", got, test.page.LastModified(), want)
			}
		})
	}
}

func TestATemplateAloneKeepsItsHeader(t *testing.T) {
	tests := []struct {
		name string
		want []string
	}{
		{"nothing", nil},
		{"all fields as they were written", []string{"Cache-Control: Max-Age=60,foo", "Cache-Control: public", "Expires: 0", `ETag: "1"`, "Last-Modified: Sunday, 22-Nov-26 11:00:00 GMT"}},
		{"its age", []string{"Cache-Control: max-age=60", "Age: 59"}},
		{"its age beyond its lifetime", []string{"Cache-Control: max-age=60, stale-if-error=60", "Age: 70"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			template, got := headertest.Header(test.want...), make(http.Header)
			mergedOf(contributed(test.want...)).setHeader(got, header.NewCompact(template))
			if diff := cmp.Diff(template, got); diff != "" {
				t.Errorf("header of the page (-template +got):\n%s", diff)
			}
		})
	}
}

func TestWhatWasReusedHasAnAge(t *testing.T) {
	c := contributed("Cache-Control: max-age=9")
	m := new(Combined)
	m.Start(c, noon, false)
	m.Add(c, true)
	if got := headerOf(m)["Age"]; !slices.Equal(got, []string{"0"}) {
		t.Errorf("Age = %q; want 0 (RFC 9111 §4)", got)
	}
}

// randomPart is a response with some of all that matters to a page.
func randomPart(r *rand.Rand) *Policy {
	var lines []string
	for _, line := range []string{
		"Cache-Control: max-age=" + strconv.Itoa(r.IntN(100)), "Cache-Control: s-maxage=" + strconv.Itoa(r.IntN(100)),
		"Age: " + strconv.Itoa(r.IntN(100)), at("Last-Modified", -time.Duration(r.IntN(100))*time.Hour),
		at("Expires", time.Duration(r.IntN(100)-10)*time.Second), "Vary: Accept-Language", "Vary: Cookie",
		"Cache-Control: " + []string{"public", "private", "no-cache", "no-store", "immutable", "must-revalidate"}[r.IntN(6)],
	} {
		if r.IntN(2) == 0 {
			lines = append(lines, line)
		}
	}
	return contributed(lines...)
}

func TestAPageIsNeverFresherThanAPart(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		parts := make([]*Policy, 2+r.IntN(4))
		for i := range parts {
			parts[i] = randomPart(r)
		}
		h := headerOf(mergedOf(parts...))
		d, age := header.ParseCacheControl(h["Cache-Control"]), int64(max(header.ParseSeconds(h.Get("Age")), 0))
		for _, c := range parts {
			passed := age - (noon.UnixNano()-c.Born)/int64(time.Second) // 0 for the oldest
			if left := int64(d.MaxAge) - passed; d.MaxAge > 0 && left > int64(c.lifetime) {
				t.Fatalf("%v is fresh for %d s more than one of %+v", h, left-int64(c.lifetime), parts)
			}
			if left := int64(d.SharedMaxAge) - passed; d.SharedMaxAge > 0 && left > int64(c.shared) {
				t.Fatalf("%v is fresh in shared caches for %d s more than one of %+v", h, left-int64(c.shared), parts)
			}
			if c.Flags&NoCache != 0 && d.MaxAge != header.Absent || c.Flags&Private != 0 && !d.Private || c.Flags&NoStore != 0 && !d.NoStore {
				t.Fatalf("%v is less strict than %+v", h, c)
			}
		}
	}
}

func TestTheOrderOfFragmentsMattersToTheETagAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5_000 {
		parts := make([]*Policy, 2+r.IntN(5))
		for i := range parts {
			parts[i] = randomPart(r)
		}
		inOrder := headerOf(mergedOf(parts...))
		r.Shuffle(len(parts)-1, func(i, j int) { parts[i+1], parts[j+1] = parts[j+1], parts[i+1] })
		shuffled := headerOf(mergedOf(parts...))
		delete(inOrder, "Etag")
		delete(shuffled, "Etag")
		if diff := cmp.Diff(inOrder, shuffled); diff != "" {
			t.Fatalf("header in another order of %+v (-want +got):\n%s", parts, diff)
		}
	}
}

// BenchmarkMerged merges a page of ten cached includes.
func BenchmarkMerged(b *testing.B) {
	template := contributed("Cache-Control: public, max-age=60", `ETag: "t"`, "Age: 5", at("Last-Modified", -time.Hour))
	fragment := contributed("Cache-Control: public, max-age=30", `ETag: "f"`, "Age: 9", at("Last-Modified", -time.Hour))
	h, m := make(http.Header), new(Combined)
	b.ReportAllocs()
	for b.Loop() {
		m.Start(template, noon, true)
		for range 10 {
			m.Add(fragment, true)
		}
		m.setHeader(h, "")
	}
}

// BenchmarkContribution computes what a response of 1 KB without an ETag gives.
func BenchmarkContribution(b *testing.B) {
	h := headertest.Header("Cache-Control: public, max-age=60", "Content-Type: text/html", at("Last-Modified", -time.Hour))
	mini, body := placed("/mini"), []byte(strings.Repeat("x", 1024))
	b.ReportAllocs()
	for b.Loop() {
		c := New(mini, h, noon, noon, noViews)
		c.SetBody(body)
	}
}
