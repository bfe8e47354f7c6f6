package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"selvedge/composer/manifest"
)

// violation is a part of a manifest that does not fit the schema.
type violation struct {
	pointer string // a JSON Pointer (RFC 6901)
	text    string
}

// subject names the part, for people.
func (v violation) subject() string {
	if v.pointer == "" {
		return "the manifest"
	}
	return strings.TrimPrefix(v.pointer, "/")
}

// violations returns the parts of a value that do not fit the schema of manifests.
func violations(value any) []violation {
	var wrong *jsonschema.ValidationError
	if !errors.As(schema().Validate(value), &wrong) {
		return nil
	}
	return leavesOf(wrong, message.NewPrinter(language.English))
}

// leavesOf returns the violations without further causes.
func leavesOf(e *jsonschema.ValidationError, printer *message.Printer) []violation {
	if len(e.Causes) == 0 {
		pointer := ""
		for _, token := range e.InstanceLocation {
			pointer += "/" + token
		}
		return []violation{{pointer, e.ErrorKind.LocalizedString(printer)}}
	}
	var leaves []violation
	for _, cause := range e.Causes {
		leaves = append(leaves, leavesOf(cause, printer)...)
	}
	return leaves
}

// schema returns the compiled schema of manifests, which is known to be valid.
var schema = sync.OnceValue(func() *jsonschema.Schema {
	const name = "manifest.schema.json"
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(manifest.Schema))
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, document); err != nil {
		panic(err)
	}
	return compiler.MustCompile(name)
})

// offsetsOf returns the offset of each value of a JSON text by its pointer.
func offsetsOf(text []byte) map[string]int {
	o := &valueOffsets{text: text, decoder: json.NewDecoder(bytes.NewReader(text)), found: make(map[string]int)}
	o.read("")
	return o.found
}

// valueOffsets finds the offsets of the values in a JSON text.
type valueOffsets struct {
	text    []byte
	decoder *json.Decoder
	found   map[string]int // by pointer
}

// read reads the next value, and reports whether the text goes on.
func (o *valueOffsets) read(pointer string) bool {
	rest := o.text[o.decoder.InputOffset():]
	o.found[pointer] = len(o.text) - len(bytes.TrimLeft(rest, " \t\r\n:,"))
	token, err := o.decoder.Token()
	if err != nil {
		return false
	}
	begin, isNested := token.(json.Delim)
	if !isNested {
		return true
	}
	for i := 0; o.decoder.More(); i++ {
		key := any(i)
		if begin == '{' {
			if key, err = o.decoder.Token(); err != nil {
				return false
			}
		}
		if !o.read(fmt.Sprint(pointer, "/", key)) {
			return false
		}
	}
	_, err = o.decoder.Token() // the end
	return err == nil
}
