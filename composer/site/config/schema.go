package config

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// Schema returns the JSON Schema (draft 2020-12) of a configuration file, for editors and
// other programs. It describes the form of the file: whether the values fit together is
// for [Config.Check].
func Schema() []byte {
	schema := objectSchema(reflect.TypeFor[Config]())
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "The configuration of a Selvedge site"
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic("config: " + err.Error()) // maps of strings have no error
	}
	return append(text, '\n')
}

// objectSchema returns the schema of a struct.
func objectSchema(t reflect.Type) map[string]any {
	properties := make(map[string]any)
	for i := range t.NumField() {
		field := t.Field(i)
		key := field.Tag.Get("key")
		if key == "" {
			continue
		}
		property := typeSchema(field.Type)
		if doc := field.Tag.Get("doc"); doc != "" {
			property["description"] = doc
		}
		if text, ok := field.Tag.Lookup("default"); ok {
			property["default"] = defaultValue(field.Type, text)
		}
		properties[key] = property
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// typeSchema returns the schema of a field.
func typeSchema(t reflect.Type) map[string]any {
	text := map[string]any{"type": "string"}
	list := map[string]any{"type": "array", "items": map[string]any{"type": []string{"string", "number"}}}
	switch t {
	case reflect.TypeFor[map[string]Fragment]():
		return map[string]any{"type": "object", "additionalProperties": map[string]any{
			"anyOf": []any{text, objectSchema(reflect.TypeFor[Fragment]()), map[string]any{"type": "null"}}}}
	case reflect.TypeFor[Command]():
		return map[string]any{"anyOf": []any{text, list}}
	case reflect.TypeFor[Pages]():
		return map[string]any{"type": "object", "additionalProperties": text}
	case reflect.TypeFor[map[string][]string]():
		return map[string]any{"type": "object", "additionalProperties": map[string]any{"anyOf": []any{text, list}}}
	}
	switch kindOf(t) {
	case Duration:
		return map[string]any{"type": "string", "pattern": `^(0|([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+)$`}
	case Number:
		return map[string]any{"type": "integer"}
	case Switch:
		return map[string]any{"type": "boolean"}
	case List:
		return list
	case Text:
		return map[string]any{"type": []string{"string", "number"}}
	default:
		return objectSchema(t)
	}
}

// defaultValue returns a default as a value of JSON.
func defaultValue(t reflect.Type, text string) any {
	if t != reflect.TypeFor[time.Duration]() && kindOf(t) == Number {
		n, _ := strconv.Atoi(text) // held by a test of New
		return n
	}
	return text
}
