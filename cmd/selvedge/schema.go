package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

// liveSchema describes the messages of JSON clients, in JSON Schema of the
// draft 2020-12.
//
//go:embed live.schema.json
var liveSchema []byte

// serveSchema publishes liveSchema.
func serveSchema() http.Handler {
	sum := sha256.Sum256(liveSchema)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/schema+json")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(liveSchema))
	})
}
