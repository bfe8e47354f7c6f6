package server

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

// LogRequests returns a handler that gives each request an id in the field X-Request-Id, for
// all handlers of the request, and logs the request at its end. An id of the request is
// kept, so that a request has the same id in the logs of all servers on its way; remove
// the field from the requests of untrusted clients before.
//
// The response has the id too, if the logger has the level info. A quiet logger has no
// line with the id; then only an error page shows the id, in its body.
//
// A line has the time until the first byte, because a page is flushed while its fragments
// arrive. The middleware of go-chi/httplog has the whole duration alone.
func LogRequests(logger *slog.Logger, next http.Handler) http.Handler {
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

// isRequestID reports whether an id is safe in logs and headers.
func isRequestID(id string) bool {
	return id != "" && len(id) <= 128 && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:=+/@") == ""
}

// requestAttrs returns the attributes of a request's line in the log, without the empty
// attributes.
func requestAttrs(id string, r *http.Request, w *loggedWriter) []slog.Attr {
	attrs := make([]slog.Attr, 0, 16)
	attrs = append(attrs, slog.String("id", id), slog.String("method", r.Method), slog.String("host", r.Host), slog.String("path", r.URL.Path))
	if r.URL.RawQuery != "" {
		attrs = append(attrs, slog.String("query", "?"+r.URL.RawQuery)) // without its values, the logger may leave its values out
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

// seconds returns a duration in seconds, rounded to microseconds.
func seconds(d time.Duration) float64 { return d.Round(time.Microsecond).Seconds() }

// addressOf returns the address of a request's client, without the port.
func addressOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// cacheResult returns the cache's result in a response: "hit", or else the reason of the
// forwarded request (RFC 9211 §2.2). It is empty for a response without Cache-Status.
func cacheResult(h http.Header) string {
	fields := h["Cache-Status"]
	if len(fields) == 0 {
		return ""
	}
	ours := fields[len(fields)-1] // the last, because the list ends with the cache next to the client (§2)
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

// loggedWriter keeps the facts of a response for the log.
type loggedWriter struct {
	http.ResponseWriter
	started   time.Time
	firstByte time.Duration // from started until the header was written
	status    int           // 0: no header was written
	bytes     int64         // of the body
}

// statusFor returns the status of the response. The status of a WebSocket handshake is
// always 101, because the hub writes the response itself on a hijacked connection.
func (w *loggedWriter) statusFor(r *http.Request) int {
	switch {
	case w.status != 0:
		return w.status
	case r.Header.Get("Upgrade") != "":
		return http.StatusSwitchingProtocols
	}
	return http.StatusOK
}

// begin keeps the first status, except the status of informational responses (1xx).
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

// FlushError is for http.ResponseController. A flush writes the header.
func (w *loggedWriter) FlushError() error {
	w.begin(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *loggedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
