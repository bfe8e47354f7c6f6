package logging

import (
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"golang.org/x/term"

	"selvedge/cmd/selvedge/internal/flags"
)

// Options are the settings of a log.
type Options struct {
	Format string // text or json; empty: text on a terminal, and JSON otherwise
	Level  string // debug, info, warn or error; empty: info
	Quiet  bool   // the level is warn at least
	Query  bool   // the values of queries are logged
}

// New returns a logger that writes to w. The error is a flags.UsageError.
func New(w io.Writer, o Options) (*slog.Logger, error) {
	level, ok := map[string]slog.Level{
		"debug": slog.LevelDebug, "": slog.LevelInfo, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}[o.Level]
	if !ok {
		return nil, flags.Errorf("--log-level is %q; it can be debug, info, warn or error", o.Level)
	}
	options := &slog.HandlerOptions{Level: level}
	if o.Quiet {
		options.Level = max(level, slog.LevelWarn)
	}
	if !o.Query {
		options.ReplaceAttr = withoutQueryValues
	}
	format := o.Format
	if format == "" {
		format = "json"
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			format = "text"
		}
	}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, flags.Errorf("--log is %q; it can be text or json", format)
}

// withoutQueryValues is for [slog.HandlerOptions.ReplaceAttr]. It removes the values of
// the parameters from all queries in a text, because a value may be a password or the
// address of a person. The names of the parameters stay.
func withoutQueryValues(_ []string, a slog.Attr) slog.Attr {
	var text string
	switch v := a.Value; v.Kind() {
	case slog.KindString:
		text = v.String()
	case slog.KindAny:
		err, ok := v.Any().(error)
		if !ok {
			return a
		}
		text = err.Error()
	default:
		return a
	}
	if strings.IndexByte(text, '?') >= 0 {
		a.Value = slog.StringValue(queryPattern.ReplaceAllStringFunc(text, parameterNames))
	}
	return a
}

// queryPattern matches the query of an address in a text, with its question mark.
var queryPattern = regexp.MustCompile(`\?[^\s"'<>#]+`)

// parameterNames removes the values of a query. The punctuation of a sentence behind the
// query stays.
func parameterNames(query string) string {
	end := len(strings.TrimRight(query, ":,;.)"))
	var names []string
	for parameter := range strings.SplitSeq(query[1:end], "&") {
		name, _, _ := strings.Cut(parameter, "=")
		names = append(names, name)
	}
	return "?" + strings.Join(names, "&") + query[end:]
}
