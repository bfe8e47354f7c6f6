package liveprotocol

import (
	"bytes"
	_ "embed"
	"net/http"

	"selvedge/hub/jsonlive"
)

//go:embed live.schema.json
var ownSchema []byte

// Schema describes the messages from and to JSON clients, in JSON Schema 2020-12. It
// contains the schema of package jsonlive, whose messages are a part of the protocol.
var Schema = bytes.Replace(ownSchema, []byte(`"jsonlive": {}`), append([]byte(`"jsonlive": `), bytes.TrimSpace(jsonlive.Schema)...), 1)

// SchemaHandler returns a handler for Schema.
func SchemaHandler() http.Handler { return jsonlive.SchemaHandler(Schema) }
