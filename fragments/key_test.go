package fragments_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/fragments"
)

func TestKey(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  string
		fails bool
	}{
		{"no header", nil, "", false},
		{"quoted", []string{`"8e03978e"`}, "8e03978e", false},
		{"quoted, with an escape and a parameter", []string{`"a\"b";x=1`}, `a"b`, false},
		{"bare", []string{"8e03978e-40d5-43e8"}, "8e03978e-40d5-43e8", false},
		{"empty", []string{""}, "", true},
		{"quoted and empty", []string{`""`}, "", true},
		{"half quoted", []string{`"abc`}, "", true},
		{"two", []string{"a", "b"}, "", true},
		{"two, quoted", []string{`"a"`, `"b"`}, "", true},
		{"200 bytes", []string{strings.Repeat("a", 200)}, strings.Repeat("a", 200), false},
		{"201 bytes", []string{strings.Repeat("a", 201)}, "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/", nil)
			r.Header["Idempotency-Key"] = test.lines
			got, err := fragments.Key(r)
			if got != test.want || (err != nil) != test.fails {
				t.Errorf("Key(%q) = %q, %v; want %q, error %v", test.lines, got, err, test.want, test.fails)
			}
			if err != nil && answerError(err).Code != 400 {
				t.Errorf("Key(%q) is answered with %d; want 400", test.lines, answerError(err).Code)
			}
		})
	}
}

func FuzzKey(f *testing.F) {
	f.Add(`"8e03978e"`)
	f.Add("bare")
	f.Add(`"a\"b";x=1`)
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/", nil)
		r.Header.Set("Idempotency-Key", header)
		key, err := fragments.Key(r)
		if (err == nil) != (key != "") || len(key) > 200 {
			t.Errorf("Key(%q) = %q, %v; want a key of 1 to 200 bytes or an error", header, key, err)
		}
	})
}
