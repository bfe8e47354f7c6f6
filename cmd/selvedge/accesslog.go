package main

import (
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"selvedge/composer"
)

// identify gives the request an id, which every part that handles it receives
// as X-Request-Id, and logs it when it is done. One that behind has let pass is
// kept, so that a request has the same id in the logs of all servers on its way.
//
// With a quiet logger there is nothing that the id could be looked up in, so the
// answer has it only if it is about an error, and says it in its body.
func identify(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !isRequestID(id) {
			id = strconv.FormatUint(rand.Uint64(), 36) //nolint:gosec // it is no secret
			r.Header["X-Request-Id"] = []string{id}
		}
		if !logger.Enabled(r.Context(), slog.LevelInfo) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header()["X-Request-Id"] = []string{id}
		logged := &loggedWriter{ResponseWriter: w, started: time.Now()}
		defer func() { logger.LogAttrs(r.Context(), slog.LevelInfo, "request", requestAttrs(id, r, logged)...) }()
		next.ServeHTTP(logged, r)
	})
}

// isRequestID reports whether an id may stand in logs and headers.
func isRequestID(id string) bool {
	return id != "" && len(id) <= 128 && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:=+/@") == ""
}

// requestAttrs are what the log says of a request. What a request lacks is left
// out.
func requestAttrs(id string, r *http.Request, w *loggedWriter) []slog.Attr {
	attrs := make([]slog.Attr, 0, 16)
	attrs = append(attrs, slog.String("id", id), slog.String("method", r.Method), slog.String("host", r.Host), slog.String("path", r.URL.Path))
	if r.URL.RawQuery != "" {
		attrs = append(attrs, slog.String("query", "?"+r.URL.RawQuery)) // its values are left out by newLogger
	}
	attrs = append(attrs, slog.String("protocol", r.Proto), slog.Int("status", w.statusFor(r)), slog.Int64("bytes", w.bytes),
		slog.Float64("duration_seconds", seconds(time.Since(w.started))))
	if w.status != 0 {
		attrs = append(attrs, slog.Float64("first_byte_seconds", seconds(w.firstByte)))
	}
	for _, more := range []slog.Attr{
		slog.String("address", addressOf(r)), slog.String("agent", r.UserAgent()),
		slog.String("cache", cacheResult(w.Header())), slog.String("trace", composer.TraceID(r.Header)),
	} {
		if more.Value.String() != "" {
			attrs = append(attrs, more)
		}
	}
	return attrs
}

// seconds is a duration as the log has it, to the microsecond.
func seconds(d time.Duration) float64 { return d.Round(time.Microsecond).Seconds() }

// addressOf returns the address of a request's visitor, without the port.
func addressOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// cacheResult is "hit", or why the request went further (RFC 9211 §2.2); empty
// if the answer did not come by the cache.
func cacheResult(h http.Header) string {
	fields := h["Cache-Status"]
	if len(fields) == 0 {
		return ""
	}
	ours := fields[len(fields)-1] // the cache nearest to the visitor is the last (§2)
	ours = ours[strings.LastIndexByte(ours, ',')+1:]
	for parameter := range strings.SplitSeq(ours, ";") {
		parameter = strings.TrimSpace(parameter)
		if parameter == "hit" {
			return parameter
		}
		if reason, ok := strings.CutPrefix(parameter, "fwd="); ok {
			return reason
		}
	}
	return ""
}

// loggedWriter notes what the log says of an answer.
type loggedWriter struct {
	http.ResponseWriter
	started   time.Time
	firstByte time.Duration // until the header was written
	status    int           // 0: it was not
	bytes     int64         // of the body
}

// statusFor is the status that a request was answered with. The hub writes that
// of a handshake itself, where it has taken the connection over.
func (w *loggedWriter) statusFor(r *http.Request) int {
	switch {
	case w.status != 0:
		return w.status
	case r.Header.Get("Upgrade") != "":
		return http.StatusSwitchingProtocols
	}
	return http.StatusOK
}

// begin notes the status, unless it informs (1xx) or is not the first.
func (w *loggedWriter) begin(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status, w.firstByte = status, time.Since(w.started)
	}
}

// WriteHeader is for http.ResponseWriter.
func (w *loggedWriter) WriteHeader(status int) {
	w.begin(status)
	w.ResponseWriter.WriteHeader(status)
}

// Write is for http.ResponseWriter.
func (w *loggedWriter) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// FlushError is for http.ResponseController: to flush is to write the header.
func (w *loggedWriter) FlushError() error {
	w.begin(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *loggedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
