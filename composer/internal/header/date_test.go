package header

import (
	"net/http"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	is := time.Date(2050, 8, 18, 2, 1, 18, 0, time.UTC)
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"IMF-fixdate (RFC 9110 §5.6.7)", "Thu, 18 Aug 2050 02:01:18 GMT", true},
		{"RFC 850", "Thursday, 18-Aug-50 02:01:18 GMT", true},
		{"asctime", "Thu Aug 18 02:01:18 2050", true},
		{"a weekday in lower case (RFC 9111 §4.2)", "thu, 18 Aug 2050 02:01:18 GMT", true},
		{"a month in upper case", "Thu, 18 AUG 2050 02:01:18 GMT", true},
		{"a zone in lower case", "Thu, 18 Aug 2050 02:01:18 gMT", true},
		{"a zone in lower case, RFC 850", "Thursday, 18-Aug-50 02:01:18 gmt", true},
		{"another weekday", "Fri, 18 Aug 2050 02:01:18 GMT", true},

		{"nothing", "", false},
		{"a number", "0", false},
		{"a zone alone", "gmt", false},
		{"an hour of one digit", "Thu, 18 Aug 2050 2:01:18 GMT", false},
		{"two spaces", "Thu, 18  Aug 2050 02:01:18 GMT", false},
		{"two spaces and an hour of one digit", "Thu, 18  Aug 2050 2:01:18 GMT", false},
		{"parts of a second", "Thu, 18 Aug 2050 02:01:18.0 GMT", false},
		{"UTC", "Thu, 18 Aug 2050 02:01:18 UTC", false},
		{"another zone", "Thursday, 18-Aug-50 02:01:18 EST", false},
		{"a year of two digits", "Thu, 18 Aug 50 02:01:18 GMT", false},
		{"a weekday that is none", "Foo, 18 Aug 2050 02:01:18 GMT", false},
		{"no comma", "Thu 18 Aug 2050 02:01:18 GMT", false},
		{"dashes", "Thu, 18-Aug-2050 02:01:18 GMT", false},
		{"periods", "Thu, 18 Aug 2050 02.01.18 GMT", false},
		{"something behind it", "Thu, 18 Aug 2050 02:01:18 GMT, 5", false},
		{"a day that there is not", "Thu, 31 Feb 2050 02:01:18 GMT", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at, ok := ParseDate(test.text)
			if ok != test.ok || ok && !at.Equal(is) || !ok && !at.IsZero() {
				t.Errorf("parseDate(%q) = %v, %v; want %v", test.text, at, ok, test.ok)
			}
		})
	}
	if at, ok := ParseDate("Sun Nov  6 08:49:37 1994"); !ok || at.Day() != 6 {
		t.Errorf("asctime with a day of one digit: %v, %v", at, ok)
	}
}

// An HTTP-date of package net/http is read as it was written, and one with a changed byte
// is read only if it is written like that too.
func TestParseDateReadsWhatWasWritten(t *testing.T) {
	for day := range 366 {
		at := time.Date(2024, 1, 1, day%24, day%60, 59-day%60, 0, time.UTC).AddDate(0, 0, day)
		text := at.Format(http.TimeFormat)
		if got, ok := ParseDate(text); !ok || !got.Equal(at) {
			t.Errorf("ParseDate(%q) = %v, %t; want %v", text, got, ok, at)
		}
		for i := len("Mon"); i < len(text); i++ {
			for _, c := range []byte("0123456789 ,:-+.\x00\xff") {
				changed := text[:i] + string([]byte{c}) + text[i+1:]
				if got, ok := ParseDate(changed); ok && got.Format(http.TimeFormat)[len("Mon"):] != changed[len("Mon"):] {
					t.Fatalf("ParseDate(%q) = %v", changed, got)
				}
			}
		}
	}
	for _, text := range []string{"", "Thu, 18 Aug 2050 02:01:18 GM", "Thu, 18 Aug 2050 02:01:18 GMT5"} {
		if at, ok := ParseDate(text); ok {
			t.Errorf("ParseDate(%q) = %v", text, at)
		}
	}
}
