package header

import (
	"strings"
	"testing"
)

// oddContentTypes are the values of the fast path of ParseContentType, and values
// close to them.
func oddContentTypes() []string {
	values := []string{"text/html, text/html", "text/html; charset=utf-8, */*", "application/json", "text/html; charset=utf-8; charset=latin1"}
	for _, usual := range []string{
		"", "text/html", "text/html; charset=utf-8", "text/html;charset=utf-8", "text/html; charset=UTF-8", "text/html;charset=UTF-8",
	} {
		values = append(values, usual, strings.ToUpper(usual), " "+usual, usual+" ", usual+",", ","+usual, usual+";", ";"+usual,
			usual+`"`, usual+"x", usual+"\x00", strings.Replace(usual, "; ", ";\t", 1), strings.Replace(usual, "=", "= ", 1),
			strings.Replace(usual, "utf-8", `"utf-8"`, 1), strings.Replace(usual, "utf-8", "Utf-8", 1), strings.Replace(usual, "/", " /", 1))
	}
	return values
}

func checkContentType(t *testing.T, contentType string) {
	t.Helper()
	mediaType, charset := ParseContentType(contentType)
	if wantType, wantCharset := parseContentType(contentType); mediaType != wantType || charset != wantCharset {
		t.Errorf("ParseContentType(%q) = %q, %q; want %q, %q as without the fast path", contentType, mediaType, charset, wantType, wantCharset)
	}
}

func TestUsualContentTypes(t *testing.T) {
	for _, value := range oddContentTypes() {
		checkContentType(t, value)
	}
}

func FuzzParseContentType(f *testing.F) {
	for _, value := range oddContentTypes() {
		f.Add(value)
	}
	f.Fuzz(checkContentType)
}

func TestSkipEmpty(t *testing.T) {
	for _, list := range []string{"", ",", " ", "\t", ", \t,,a, b", "a", "a,", "\r,a", "\u00a0,a", ";,", "  \t"} {
		if got, want := skipEmpty(list), strings.TrimLeft(list, ", \t"); got != want {
			t.Errorf("skipEmpty(%q) = %q, want %q", list, got, want)
		}
	}
}
