package document

import (
	"strings"
	"testing"
	"unicode/utf8"

	"selvedge/composer/internal/header"
)

func TestParseContentType(t *testing.T) {
	tests := []struct{ name, contentType, mediaType, charset string }{
		{"nothing", "", "", ""},
		{"no parameters", "text/html", "text/html", ""},
		{"a charset", "text/html; charset=utf-8", "text/html", "utf-8"},
		{"no white space and any case", "Text/HTML;CharSet=UTF-8", "text/html", "UTF-8"},
		{"in quotes", `text/html; charset="utf-8"`, "text/html", "utf-8"},
		{"in quotes that do not end", `text/html; charset="utf-8`, "text/html", "utf-8"},
		{"a quote alone", `text/html; charset="`, "text/html", ""},
		{"in single quotes, which are none", `text/html; charset='utf-8'`, "text/html", "'utf-8'"},
		{"after another parameter", `text/html; version="1;charset=x"; charset=utf-8`, "text/html", "utf-8"},
		{"before a broken parameter", "text/html; charset=utf-8; ?", "text/html", "utf-8"},
		{"after a broken parameter", `text/html; a"; =; charset=utf-8`, "text/html", "utf-8"},
		{"after one without value", "text/html; charset=; charset=utf-8", "text/html", "utf-8"},
		{"after one that is empty in quotes", `text/html; charset=""; charset=utf-8`, "text/html", ""},
		{"the first of two", "text/html; charset=utf-8; charset=big5", "text/html", "utf-8"},
		{"the same twice", "text/html; charset=utf-8; charset=UTF-8", "text/html", "utf-8"},
		{"another parameter", "text/html; xcharset=utf-8", "text/html", ""},
		{"white space around all", " text/html ; charset=utf-8 ", "text/html", "utf-8"},
		{"white space in place of the semicolon", "text/html charset=utf-8", "text/html", ""},
		{"a semicolon behind it", "text/html charset=utf-8; charset=big5", "text/html", "big5"},
		{"no parameter behind the semicolon", "text/html;", "text/html", ""},
		{"two types that are the same", "text/html, text/html", "text/html", ""},
		{"the last of two types", "text/plain, text/html", "text/html", ""},
		{"a charset of the first", "text/html; charset=big5, text/html", "text/html", "big5"},
		{"a charset of each", "text/html; charset=big5, text/html; charset=utf-8", "text/html", "utf-8"},
		{"a charset of another type", "text/plain; charset=big5, text/html", "text/html", ""},
		{"a type that is none behind it", "text/html; charset=big5, x", "text/html", "big5"},
		{"a type for all behind it", "text/html, */*", "text/html", ""},
		{"a comma in quotes", `text/html; a="b, image/png"`, "text/html", ""},
		{"no slash", "html", "", ""},
		{"no subtype", "text/", "", ""},
		{"characters that no type has", "text/<html>", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if mediaType, charset := header.ParseContentType(test.contentType); mediaType != test.mediaType || charset != test.charset {
				t.Errorf("parseContentType(%q) = %q, %q; want %q, %q", test.contentType, mediaType, charset, test.mediaType, test.charset)
			}
		})
	}
}

func TestALabelThatNobodyKnowsIsNone(t *testing.T) {
	for label, want := range map[string]string{
		"utf8mb4": "", "'utf-8'": "", "none": "", "x-own": "", "utf-7": "", "utf8": "utf-8", " UTF-8 ": "utf-8", "latin1": "windows-1252", "hz-gb-2312": "replacement",
	} {
		if got := header.Charset(`text/html; charset="` + label + `"`); got != want {
			t.Errorf("the charset %q is %q; want %q", label, got, want)
		}
	}
}

// charsets are texts in the charset of a page.
var charsets = []struct{ name, body, from, to, want string }{
	{"nothing", "", "iso-8859-1", "utf-8", ""},
	{"ISO-8859-1", "caf\xe9", "iso-8859-1", "utf-8", "café"},
	{"names in any case", "caf\xe9", "ISO-8859-1", "UTF-8", "café"},
	{"ISO-8859-1 is windows-1252", "\x80", "latin1", "utf8", "€"},
	{"Japanese", "\x93\xfa\x96{", "shift_jis", "utf-8", "日本"},
	{"Japanese with escapes", "\x1b$BF|K\\\x1b(B!", "iso-2022-jp", "utf-8", "日本!"},
	{"Chinese", "\xc4\xe3\xba\xc3", "gb2312", "utf-8", "你好"},
	{"bytes that mean nothing", "a\xffb", "shift_jis", "utf-8", "a\ufffdb"},
	{"the half of a character at the end", "a\x93", "shift_jis", "utf-8", "a\ufffd"},
	{"into a page in ISO-8859-1", "café €", "utf-8", "iso-8859-1", "caf\xe9 \x80"},
	{"what the page's charset does not have", "<b>日 é</b>", "utf-8", "iso-8859-1", "<b>&#26085; \xe9</b>"},
	{"only what it does not have", "日本", "utf-8", "koi8-r", "&#26085;&#26412;"},
	{"broken text into a page in ISO-8859-1", "a\xffb", "utf-8", "iso-8859-1", "a&#65533;b"},
	{"between two that are not UTF-8", "\xe9\xcf", "windows-1251", "koi8-r", "\xca\xf0"},
	{"the same charset, and broken", "a\xffb", "utf-8", "UTF-8", "a\xffb"},
	{"the same by another name, and broken", "a\xffb", "utf8", "unicode-1-1-utf-8", "a\xffb"},
	{"the same by an old name", "caf\xe9", "us-ascii", "windows-1252", "caf\xe9"},
	{"one that nobody knows, for a page in it", "a\xffb", "x-own", "X-Own", "a\xffb"},
	{"no charset is the page's", "caf\xe9", "", "iso-8859-1", "caf\xe9"},
	{"a page of no charset is in UTF-8", "caf\xe9", "iso-8859-1", "", "café"},
	{"no charset in a page of no charset", "a\xffb", "", "", "a\xffb"},
	{"a byte order mark is dropped", "\xef\xbb\xbfcafé", "", "utf-8", "café"},
	{"a byte order mark and another name", "\xef\xbb\xbfcafé", "iso-8859-1", "utf-8", "café"},
	{"a byte order mark, another name and the page's", "\xef\xbb\xbfcafé", "iso-8859-1", "iso-8859-1", "caf\xe9"},
	{"a byte order mark alone", "\xef\xbb\xbf", "", "", ""},
	{"the mark of UTF-16, low byte first", "\xff\xfea\x00\xe9\x00", "utf-8", "utf-8", "aé"},
	{"the mark of UTF-16, high byte first", "\xfe\xff\x00a\x00\xe9", "", "utf-8", "aé"},
	{"UTF-16 without a mark", "a\x00=\xd8\x00\xde", "utf-16", "utf-8", "a😀"},
	{"the half of a mark", "\xef\xbb", "", "utf-8", "\xef\xbb"},
}

func TestTranscode(t *testing.T) {
	for _, test := range charsets {
		t.Run(test.name, func(t *testing.T) {
			got, err := transcode([]byte(test.body), test.from, test.to)
			if err != nil || string(got) != test.want {
				t.Errorf("transcode(%q, %q, %q) = %q, %v; want %q", test.body, test.from, test.to, got, err, test.want)
			}
		})
	}
}

func TestTextInThePagesCharsetIsNotCopied(t *testing.T) {
	body := []byte("\xef\xbb\xbftext")
	got, err := transcode(body, "utf8", "UTF-8")
	if err != nil || &got[0] != &body[len(header.UTF8BOM)] {
		t.Errorf("transcode returns %q, %v; want the same bytes", got, err)
	}
}

func TestCharsetsThatAreRefused(t *testing.T) {
	tests := []struct{ name, body, from, to string }{
		{"a fragment's that nobody knows", "a", "x-own", "utf-8"},
		{"a page's that nobody knows", "a", "utf-8", "x-own"},
		{"one that hides tags", "+ADw-script+AD4-", "utf-7", "utf-8"},
		{"one that browsers replace (Encoding Standard §14.1)", "a", "iso-2022-kr", "utf-8"},
		{"a page in UTF-16", "a", "utf-8", "utf-16"},
		{"a page that a fragment could change", "日本", "utf-8", "iso-2022-jp"},
		{"a long name", "a", strings.Repeat("x", 1000), "utf-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := transcode([]byte(test.body), test.from, test.to)
			if err == nil || got != nil || len(err.Error()) > 100 {
				t.Errorf("transcode(%q, %.40q, %q) = %q, %.200v; want a short error", test.body, test.from, test.to, got, err)
			}
		})
	}
}

// FuzzTranscode holds that a page in UTF-8 gets nothing broken out of another
// charset.
func FuzzTranscode(f *testing.F) {
	for _, test := range charsets {
		f.Add([]byte(test.body), test.from, test.to)
	}
	f.Fuzz(func(t *testing.T, body []byte, from, to string) {
		if got, err := transcode(body, from, to); err != nil && got != nil {
			t.Errorf("transcode(%q, %q, %q) = %q, %v; want one of them", body, from, to, got, err)
		}
		_, transformer, err := transcoder(body, from, "utf-8")
		if err != nil || transformer == nil {
			return
		}
		if text, err := transcode(body, from, "utf-8"); err != nil || !utf8.Valid(text) {
			t.Errorf("transcode(%q, %q, utf-8) = %q, %v; want UTF-8", body, from, text, err)
		}
	})
}
