package fetch

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
)

// onceLog remembers the logged warnings, so that a mistake in a response requested by
// each page is logged once. The zero value is empty.
type onceLog struct {
	mu     sync.Mutex
	logged map[string]struct{}
}

// maxLogged limits the remembered warnings. At the limit all of them are forgotten, and
// may be logged again.
const maxLogged = 1024

// add reports whether a warning has not been logged, and remembers it.
func (l *onceLog) add(warning string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.logged[warning]; known {
		return false
	}
	if len(l.logged) == maxLogged || l.logged == nil {
		l.logged = make(map[string]struct{})
	}
	l.logged[warning] = struct{}{}
	return true
}

// warnOnce logs a warning about a response, unless the same warning has been logged. The
// warning omits the query, because a query may identify a visitor.
func (f *Fetcher) warnOnce(q *Request, message string, attributes ...slog.Attr) {
	f.logOnce(q.Life, q.String(), message, attributes...)
}

func (f *Fetcher) logOnce(ctx context.Context, reference, message string, attributes ...slog.Attr) {
	reference, _, _ = strings.Cut(reference, "?")
	if f.warned.add(fmt.Sprint(reference, message, attributes)) {
		attributes = append([]slog.Attr{slog.String("reference", reference)}, attributes...)
		f.options.Logger.LogAttrs(ctx, slog.LevelWarn, message, attributes...)
	}
}

// WarnOfPage logs a probable mistake in the pages of a template, once.
func (f *Fetcher) WarnOfPage(ctx context.Context, template, mistake string) {
	f.logOnce(ctx, template, "pages of a template contain a mistake", slog.String("mistake", mistake))
}

// WarnOfResponse logs a probable mistake in the responses of a reference, once.
func (f *Fetcher) WarnOfResponse(ctx context.Context, reference, mistake string) {
	f.logOnce(ctx, reference, "a response contains a mistake", slog.String("mistake", mistake))
}

// logTemplateWarnings logs probable mistakes in a template, with line and column.
func (f *Fetcher) logTemplateWarnings(q *Request, program *esi.Program) {
	if program == nil {
		return
	}
	for _, w := range program.Warnings {
		f.warnOnce(q, "a template contains a mistake", slog.Int("line", w.Line), slog.Int("column", w.Column), slog.String("mistake", w.Text), slog.String("advice", w.Advice))
	}
}

// warnUnknownCoding logs a warning if the Content-Encoding of a response names an unknown
// content coding.
func (f *Fetcher) warnUnknownCoding(q *Request, coding string) {
	if coding == "" {
		return
	}
	for name := range strings.SplitSeq(coding, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && name != "identity" && encoding.IsIdentity(name) {
			f.warnOnce(q, "an answer has a Content-Encoding that is none, and is read as it is", slog.String("coding", name))
		}
	}
}

// warnUnreadType logs a warning if a response opts in to ESI and its type does not permit
// ESI. The tags of such a response reach the visitor as text.
func (f *Fetcher) warnUnreadType(q *Request, h http.Header) {
	if len(h[header.SurrogateControl]) == 0 {
		return
	}
	if contentType := header.ContentType(h); !f.isESIType(contentType) && header.OptsIn(h) {
		f.warnOnce(q, "an answer opts in to ESI, which is not read in its type", slog.String("type", contentType))
	}
}

// warnNotOptedIn logs a warning if a response contains an ESI tag and does not opt in.
// The tags of such a response reach the visitor as text. The warning is logged once for
// each source.
func (f *Fetcher) warnNotOptedIn(q *Request, r *cache.Response, body []byte) {
	if r.IsTransformed() || !bytes.Contains(body, []byte("<esi:")) || !f.isESIType(r.Header.Get("Content-Type")) {
		return
	}
	if q.Backend.WarnOnce() {
		reference, _, _ := strings.Cut(q.String(), "?")
		f.options.Logger.Warn(`a fragment contains ESI tags, which reach the visitor because it does not opt in with Surrogate-Control: content="ESI/1.0"`,
			"reference", reference)
	}
}
