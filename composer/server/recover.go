package server

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// Recover returns a handler that logs a panic of next, and cuts the response off. The panic
// [http.ErrAbortHandler], with which a handler cuts its response off, is not logged.
func Recover(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				logger.ErrorContext(r.Context(), "panic", "value", p, "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler) // because the response may have begun
		}()
		next.ServeHTTP(w, r)
	})
}
