package composer

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"selvedge/composer/esi"
)

// onceLog remembers which warnings about answers have been logged, so that a
// mistake in an answer that comes for each page is said once. The zero value is
// empty.
type onceLog struct {
	mu     sync.Mutex
	logged map[string]struct{}
}

// maxOnce bounds the warnings that are remembered. When there are more, all of
// them are forgotten, and may be logged again.
const maxOnce = 1024

// add reports whether a warning has not been logged, and remembers it.
func (l *onceLog) add(warning string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.logged[warning]; known {
		return false
	}
	if len(l.logged) == maxOnce || l.logged == nil {
		l.logged = make(map[string]struct{})
	}
	l.logged[warning] = struct{}{}
	return true
}

// warnOnce logs a warning about what a place answers, unless the same has been
// logged. The query, which may tell of a visitor, is not a part of it.
func (c *Composer) warnOnce(q *query, message string, attributes ...slog.Attr) {
	reference, _, _ := strings.Cut(q.String(), "?")
	if c.warned.add(fmt.Sprint(reference, message, attributes)) {
		attributes = append([]slog.Attr{slog.String("reference", reference)}, attributes...)
		c.options.Logger.LogAttrs(q.life, slog.LevelWarn, message, attributes...)
	}
}

// logTemplateWarnings logs what is probably a mistake in an answer that was
// read as ESI, with line and column.
func (c *Composer) logTemplateWarnings(q *query, program *esi.Program) {
	if program == nil {
		return
	}
	for _, w := range program.Warnings {
		c.warnOnce(q, "a template contains a mistake", slog.Int("line", w.Line), slog.Int("column", w.Column), slog.String("mistake", w.Text))
	}
}
