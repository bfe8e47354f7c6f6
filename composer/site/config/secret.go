package config

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// Secret is a value that no message and no log shows. It is the value itself, or one of
//
//   - file:PATH, the first line of a file;
//   - env:NAME, an environment variable.
type Secret string

// Value returns the value. The error names the file or the variable.
func (s Secret) Value() (string, error) {
	if path, ok := strings.CutPrefix(string(s), "file:"); ok {
		text, err := os.ReadFile(path) //nolint:gosec // the operator's own file
		if err != nil {
			return "", err
		}
		line, _, _ := strings.Cut(string(text), "\n")
		return strings.TrimRight(line, "\r"), nil
	}
	if name, ok := strings.CutPrefix(string(s), "env:"); ok {
		value, ok := os.LookupEnv(name)
		if !ok {
			return "", fmt.Errorf("the environment has no variable %s", name)
		}
		return value, nil
	}
	return string(s), nil
}

// hidden stands for a secret in messages.
const hidden = "(secret)"

// String returns a text that does not tell the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue is String, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, for JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
