package header

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"selvedge/composer/internal/headertest"
)

func TestSumsOfSimilarTextsDiffer(t *testing.T) {
	seen := make(map[ValidatorHash]string)
	for i := range 200_000 {
		for _, text := range []string{strconv.Itoa(i), strings.Repeat("\x00", i%500) + strconv.Itoa(i/500)} {
			s := AddText(EmptyHash, text)
			if other, ok := seen[s]; ok && other != text {
				t.Fatalf("AddText(%q) = AddText(%q)", text, other)
			}
			seen[s] = text
			if bytes := AddText(EmptyHash, []byte(text)); bytes != s {
				t.Fatalf("AddText(%q) = %x, and of its bytes %x; want the same", text, s, bytes)
			}
		}
	}
}

func TestNotModified(t *testing.T) {
	modified := headertest.Noon.Add(-time.Hour)
	since := func(after time.Duration) string { return headertest.At("If-Modified-Since", after) }
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
			if got := NotModified(headertest.Header(test.request...), test.etag, modified); got != test.want {
				t.Errorf("NotModified(%q, %s) = %v; want %v", test.request, test.etag, got, test.want)
			}
		})
	}
	if NotModified(headertest.Header(since(0)), `"a"`, time.Time{}) {
		t.Error("not modified since noon, but there is no Last-Modified")
	}
	if !NotModified(headertest.Header(since(0)), "", headertest.Noon.Add(time.Second/2)) {
		t.Error("modified half a second after noon; want that within the second")
	}
}

func FuzzNotModified(f *testing.F) {
	for _, seed := range []string{"", "*", `"a"`, `W/"a", "b"`, `"a`, `,,"",`, `W/W/"a"`} {
		f.Add(seed, `"a"`)
	}
	f.Fuzz(func(t *testing.T, field, tag string) {
		tag = `"` + strings.ReplaceAll(tag, `"`, "") + `"`
		matchesTag([]string{field}, tag)
		if !matchesTag([]string{field, tag}, "W/"+tag) || !matchesTag([]string{tag + ", " + field}, tag) {
			t.Errorf("%s is not found beside %q", tag, field)
		}
		if matchesTag([]string{field}, tag) && !strings.Contains(field, tag) && strings.TrimSpace(field) != "*" {
			t.Errorf("%s is found in %q", tag, field)
		}
	})
}

func BenchmarkNotModified(b *testing.B) {
	request := headertest.Header(`If-None-Match: "0123456789abcdef", W/"3e1b8a1c5d0f9277"`)
	b.ReportAllocs()
	for b.Loop() {
		if !NotModified(request, `"3e1b8a1c5d0f9277"`, time.Time{}) {
			b.Fatal("modified")
		}
	}
}
