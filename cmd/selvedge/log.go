package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"strings"

	"github.com/urfave/cli/v3"
	"golang.org/x/term"
)

func logFlags() []cli.Flag {
	return []cli.Flag{
		text("log", "", "text or json; by default text on a terminal and JSON otherwise"),
		text("log-level", "info", "what is logged: debug, info, warn or error"),
		&cli.BoolFlag{Name: "log-query", Usage: "log the values of query parameters too, and not only their names", Sources: fromEnvironment("log-query")},
		&cli.BoolFlag{Name: "quiet", Usage: "log what goes wrong, and not every request, as --log-level warn does", Sources: fromEnvironment("quiet")},
	}
}

// logOptions are what the flags of the log say.
type logOptions struct {
	format string // text or json; empty: text where a person reads it
	level  string // debug, info, warn or error
	quiet  bool   // the level is warn
	query  bool   // the values of queries are logged
}

func readLogOptions(c *cli.Command) logOptions {
	return logOptions{format: c.String("log"), level: c.String("log-level"), quiet: c.Bool("quiet"), query: c.Bool("log-query")}
}

// newLogger returns a logger that writes to w.
func newLogger(w io.Writer, o logOptions) (*slog.Logger, error) {
	level, ok := map[string]slog.Level{
		"debug": slog.LevelDebug, "": slog.LevelInfo, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}[o.level]
	if !ok {
		return nil, usageError{fmt.Errorf("--log-level is %q; it can be debug, info, warn or error", o.level)}
	}
	options := &slog.HandlerOptions{Level: level}
	if o.quiet {
		options.Level = max(level, slog.LevelWarn)
	}
	if !o.query {
		options.ReplaceAttr = withoutQueryValues
	}
	format := o.format
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
	return nil, usageError{fmt.Errorf("--log is %q; it can be text or json", format)}
}

// withoutQueryValues is for [slog.HandlerOptions.ReplaceAttr]. It leaves the
// names of the parameters in all queries that a text has, and drops their
// values, which may be a password or an address of a person.
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

// queryPattern matches the query of an address in a text, with its question
// mark.
var queryPattern = regexp.MustCompile(`\?[^\s"'<>#]+`)

// parameterNames drops the values of a query. What follows it in a sentence
// stays.
func parameterNames(query string) string {
	end := len(strings.TrimRight(query, ":,;.)"))
	var names []string
	for parameter := range strings.SplitSeq(query[1:end], "&") {
		name, _, _ := strings.Cut(parameter, "=")
		names = append(names, name)
	}
	return "?" + strings.Join(names, "&") + query[end:]
}

// settingsOf returns what the log says of the settings of a command. Secrets are
// left out.
func settingsOf(c *cli.Command) []any {
	settings := []any{slog.String("command", c.Name)}
	for _, flag := range c.Flags {
		name := flag.Names()[0]
		switch name {
		case "help":
		case "admin-token":
			settings = append(settings, slog.Bool(name, c.String(name) != ""))
		default:
			settings = append(settings, slog.String(name, fmt.Sprint(c.Value(name))))
		}
	}
	return settings
}

// logStart says which program this is, and with which settings it runs, so that
// a log alone tells how a site was served.
func (p *process) logStart() {
	p.logger.Info("starting", "version", version(), "go", runtime.Version(),
		"address", p.listeners[0].Addr().String(), "memory_limit_bytes", p.memory.limit, slog.Group("settings", p.settings...))
}
