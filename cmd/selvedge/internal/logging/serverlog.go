package logging

import (
	"context"
	"log"
	"log/slog"
	"strings"
)

// ForServer returns a logger for http.Server.ErrorLog. The messages of net/http are
// warnings, except that of a failed TLS handshake, which has the level info, because any
// scanner of ports causes failed handshakes.
func ForServer(logger *slog.Logger) *log.Logger { return log.New(serverLog{logger}, "", 0) }

type serverLog struct{ logger *slog.Logger }

// Write logs a message.
func (s serverLog) Write(message []byte) (int, error) {
	text, level := strings.TrimSuffix(string(message), "\n"), slog.LevelWarn
	if strings.HasPrefix(text, "http: TLS handshake error") {
		level = slog.LevelInfo
	}
	s.logger.Log(context.Background(), level, text)
	return len(message), nil
}
