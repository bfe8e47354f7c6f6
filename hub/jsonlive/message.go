package jsonlive

import (
	"encoding/json"
	"fmt"
	"mime"
	"strings"
	"time"

	"selvedge/hub"
)

// The types of messages: of a client, and to a client.
const (
	typeSubscribe   = "SUBSCRIBE"
	typeUnsubscribe = "UNSUBSCRIBE"

	typeUpdate = "UPDATE"
	typeError  = "ERROR"
)

// serverMessage is a message to a client.
type serverMessage struct {
	Type      string `json:"type"`
	Data      any    `json:"data"`
	Version   int64  `json:"version"`   // of the view in Data; 0: Data is an error
	Timestamp int64  `json:"timestamp"` // of the message, in Unix milliseconds
}

// Marshal returns a message to a client at the present time. Version is that of the view
// in data, 0 for an error.
func Marshal(kind string, data any, version int64) ([]byte, error) {
	return json.Marshal(serverMessage{kind, data, version, time.Now().UnixMilli()})
}

// update is the data of an UPDATE.
type update struct {
	Reference   string `json:"reference"`
	ContentType string `json:"contentType,omitempty"` // of a body that is a string
	Body        any    `json:"body"`
}

// failure is the data of an ERROR.
type failure struct {
	Error     string  `json:"error"`
	Detail    string  `json:"detail,omitempty"`
	Reference *string `json:"reference,omitempty"` // nil: the message is refused
	Status    int     `json:"status,omitempty"`    // of Reference
}

// The texts of errors, besides the reasons of package hub.
const (
	errorFormat  = "Invalid message format"
	errorRefused = "Reference refused"

	detailFormat = `A message is {"type": "SUBSCRIBE", "data": {"references": ["/fragments/name/path"]}}, or the same with UNSUBSCRIBE.`
)

func (f failure) message() []byte {
	b, _ := Marshal(typeError, f, 0) // strings and numbers, which cannot fail
	return b
}

func refusal(reference string, e *Error) failure {
	return failure{Error: errorRefused, Detail: e.Detail, Reference: &reference, Status: e.Status}
}

// encodeFragment returns the UPDATE of a reference, or the ERROR of a last fragment.
func encodeFragment(v hub.View, f hub.Fragment, version int64) ([]byte, error) {
	if f.Last {
		e := new(Error)
		if err := json.Unmarshal(f.Body, e); err != nil {
			return nil, fmt.Errorf("jsonlive: decode the error of %s: %w", v.Reference, err)
		}
		return refusal(v.Reference, e).message(), nil
	}
	u := update{Reference: v.Reference, Body: json.RawMessage(f.Body)}
	if !isJSON(f.ContentType) || !json.Valid(f.Body) {
		u.ContentType, u.Body = f.ContentType, string(f.Body)
	}
	return Marshal(typeUpdate, u, version)
}

// isJSON reports whether a media type is JSON (RFC 6839 §3.1).
func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == MediaType || strings.HasSuffix(mediaType, "+json"))
}
