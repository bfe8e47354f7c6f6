package composer

import (
	"log/slog"
	"strings"
	"sync"

	"selvedge/composer/esi"
)

// templateWarnings remembers which mistakes in templates have been logged, so
// that a template that is compiled for each page says so once. The zero value
// is empty.
type templateWarnings struct {
	mu     sync.Mutex
	logged map[templateWarning]struct{}
}

type templateWarning struct {
	reference string
	esi.Warning
}

// maxTemplateWarnings bounds the mistakes that are remembered. When there are
// more, all of them are forgotten, and may be logged again.
const maxTemplateWarnings = 1024

// isNew reports whether a warning has not been logged, and remembers it.
func (w *templateWarnings) isNew(warning templateWarning) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, known := w.logged[warning]; known {
		return false
	}
	if len(w.logged) == maxTemplateWarnings || w.logged == nil {
		w.logged = make(map[templateWarning]struct{})
	}
	w.logged[warning] = struct{}{}
	return true
}

// logTemplateWarnings logs what is probably a mistake in an answer that was
// read as ESI, with line and column. The query, which may tell of a visitor, is
// not logged.
func (c *Composer) logTemplateWarnings(q *query, program *esi.Program) {
	if program == nil || len(program.Warnings) == 0 {
		return
	}
	reference, _, _ := strings.Cut(q.String(), "?")
	for _, w := range program.Warnings {
		if c.warnings.isNew(templateWarning{reference, w}) {
			c.options.Logger.LogAttrs(q.life, slog.LevelWarn, "a template contains a mistake",
				slog.String("reference", reference), slog.Int("line", w.Line), slog.Int("column", w.Column), slog.String("mistake", w.Text))
		}
	}
}
