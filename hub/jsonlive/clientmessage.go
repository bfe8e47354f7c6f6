package jsonlive

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// clientMessage is a message from a client about references.
type clientMessage struct {
	kind       string
	references []string // without duplicates
}

// parseMessage reads a message. It reports false for a message about anything but
// references: with another type, or with data that has no references. A malformed message
// has a sentence for the client.
func parseMessage(message []byte) (m clientMessage, malformed string, ok bool) {
	var members, data map[string]json.RawMessage
	if json.Unmarshal(message, &members) != nil || json.Unmarshal(members["type"], &m.kind) != nil {
		return m, "", false
	}
	if m.kind != typeSubscribe && m.kind != typeUnsubscribe {
		return m, "", false
	}
	if json.Unmarshal(members["data"], &data) != nil || data["references"] == nil {
		return m, "", false
	}
	for _, object := range []struct {
		members map[string]json.RawMessage
		known   []string
	}{
		{members, []string{"type", "data", "version", "timestamp"}},
		{data, []string{"references"}},
	} {
		for _, name := range slices.Sorted(maps.Keys(object.members)) {
			if !slices.Contains(object.known, name) {
				return m, fmt.Sprintf("The member %q is unknown.", name), true
			}
		}
	}
	m.references, ok = parseReferences(data["references"])
	if !ok {
		return m, fmt.Sprintf("The references are a list of 1 to %d strings.", MaxReferences), true
	}
	return m, "", true
}

// parseReferences reads a list of 1 to MaxReferences strings.
func parseReferences(list json.RawMessage) ([]string, bool) {
	var texts []*string
	err := json.Unmarshal(list, &texts)
	if err != nil || len(texts) == 0 || len(texts) > MaxReferences || slices.Contains(texts, nil) {
		return nil, false
	}
	var references []string
	for _, text := range texts {
		if !slices.Contains(references, *text) {
			references = append(references, *text)
		}
	}
	return references, true
}
