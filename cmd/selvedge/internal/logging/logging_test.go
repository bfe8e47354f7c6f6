package logging

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"selvedge/cmd/selvedge/internal/flags"
)

func TestTheLevelOfALog(t *testing.T) {
	tests := []struct {
		name string
		o    Options
		want string // the levels that are logged; empty: a usage error
	}{
		{"by default", Options{}, "INFO WARN ERROR"},
		{"debug", Options{Level: "debug"}, "DEBUG INFO WARN ERROR"},
		{"warn", Options{Level: "warn"}, "WARN ERROR"},
		{"quiet", Options{Level: "info", Quiet: true}, "WARN ERROR"},
		{"quiet, and less", Options{Level: "error", Quiet: true}, "ERROR"},
		{"none", Options{Level: "loud"}, ""},
	}
	for _, test := range tests {
		logger, err := New(io.Discard, test.o)
		if errors.As(err, &flags.UsageError{}) != (test.want == "") {
			t.Errorf("%s: New = %v", test.name, err)
		}
		var got []string
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			if err == nil && logger.Enabled(t.Context(), level) {
				got = append(got, level.String())
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q is logged; want %q", test.name, got, test.want)
		}
	}
}

func TestALogHasNoValuesOfQueries(t *testing.T) {
	for text, want := range map[string]string{
		"?a=1&b=2":                 "?a&b",
		"/fragments/cart/mini":     "/fragments/cart/mini",
		"/x?token=s3cret: refused": "/x?token: refused",
		`get "http://a/x?p=1&q": no answer, nor of /y?z=2.`: `get "http://a/x?p&q": no answer, nor of /y?z.`,
		"what? nothing": "what? nothing",
		"?a=b?c=d":      "?a",
	} {
		for _, value := range []any{text, errors.New(text)} {
			if got := withoutQueryValues(nil, slog.Any("err", value)).Value.String(); got != want {
				t.Errorf("withoutQueryValues(%q) = %q; want %q", text, got, want)
			}
		}
	}
	if number := slog.Int("n", 1); !withoutQueryValues(nil, number).Equal(number) {
		t.Error("a number is changed")
	}
}
