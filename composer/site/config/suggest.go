package config

import (
	"fmt"

	"selvedge/composer/internal/suggest"
)

// suggestion returns "; did you mean ...?" with the most similar name, or nothing if none
// is similar.
func suggestion(name string, names []string) string {
	best := suggest.Name(name, names)
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
