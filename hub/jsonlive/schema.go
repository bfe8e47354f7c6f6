package jsonlive

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

// Schema describes the messages from and to JSON clients, in JSON Schema 2020-12. Its
// definitions client and server are the two sides.
//
//go:embed jsonlive.schema.json
var Schema []byte

// SchemaHandler returns a handler for a schema of messages.
func SchemaHandler(schema []byte) http.Handler {
	sum := sha256.Sum256(schema)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/schema+json")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(schema))
	})
}
