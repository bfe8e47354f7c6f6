package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"unicode/utf8"
)

// MaxBody is the limit of the body of a request, in bytes.
const MaxBody = 64 << 10

// MethodField is the name of the field with the method of a form, because HTML has no
// PATCH and no DELETE. Decode ignores this field of a form.
const MethodField = "_method"

const formType = "application/x-www-form-urlencoded"

// Decode reads the body of a request into the struct at dst. The body is a JSON object or
// a form (application/x-www-form-urlencoded), by Content-Type. The name of a field is the
// exact name in its json tag, and an absent field keeps its value.
//
// A form has these differences to JSON:
//
//   - A field is a string, an int, an int64, a bool, a pointer to these types, a []string,
//     or a map[string]int.
//   - An empty field counts as absent, unless its type is string, *string or []string.
//   - A []string has all the values of its field. No other field may be repeated.
//   - A whole number may be written as 2.0 or 1e1, as browsers send it.
//   - A map is a set of fields, each with the name of the map, a dot and a key:
//     quantities.3 is the member 3 of quantities. In JSON, a map is an object.
//   - The field MethodField is ignored.
//
// The rules for JSON are those of encoding/json/v2 with RejectUnknownMembers: exact names,
// no member twice, valid UTF-8. That package is an experiment of Go, which callers would
// have to enable. The rules for forms are the same, so that a route has one struct for
// both; the decoder of go-playground/form ignores unknown and repeated fields.
//
// The error is a *Problem:
//
//   - 400 for a malformed body, or for an unknown or repeated field;
//   - 413 for a body above MaxBody (see BodyError);
//   - 415 for another Content-Type;
//   - 422 for a value of the wrong type or range, with the name of the field in the
//     member "field".
func Decode(w http.ResponseWriter, r *http.Request, dst any) error {
	contentType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	isJSON := contentType == "application/json"
	if err != nil || !isJSON && contentType != formType {
		return &Problem{Status: http.StatusUnsupportedMediaType, Err: err,
			Detail: "Send the request as application/json or " + formType + "."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return BodyError(err)
	}
	if isJSON {
		return Unmarshal(body, dst)
	}
	if !utf8.Valid(body) {
		return malformed("The request is not UTF-8.", nil)
	}
	return decodeForm(body, fieldsOf(dst))
}

// Unmarshal reads a JSON object from another source than a request body, such as a
// message, as strictly as Decode.
func Unmarshal(object []byte, dst any) error {
	if !utf8.Valid(object) {
		return malformed("The request is not UTF-8.", nil)
	}
	return decodeObject(object, fieldsOf(dst))
}

// BodyError returns the problem for the error of reading the body of a request:
//
//   - 413 for a body above the limit of its http.MaxBytesReader;
//   - 400 for any other error, because the body is not complete.
func BodyError(err error) *Problem {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &Problem{Status: http.StatusRequestEntityTooLarge, Err: err,
			Detail: fmt.Sprintf("The request may have %d bytes at most.", tooLarge.Limit)}
	}
	return malformed("The request is not complete.", err)
}

func malformed(detail string, err error) *Problem {
	return &Problem{Status: http.StatusBadRequest, Detail: detail, Err: err}
}

func invalid(field, detail string) *Problem {
	return &Problem{Status: http.StatusUnprocessableEntity, Detail: detail, Extra: map[string]any{"field": field}}
}

// decodeObject reads an object member by member, because encoding/json ignores the case
// of names and accepts repeated members.
func decodeObject(body []byte, fields map[string]reflect.Value) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return malformed("The request is not a JSON object.", err)
	}
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return malformed("The request is not valid JSON.", err)
		}
		name := token.(string) // in an object, the token before a value is a name
		if err := checkName(name, fields, seen); err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return malformed("The request is not valid JSON.", err)
		}
		if err := json.Unmarshal(value, fields[name].Addr().Interface()); err != nil {
			return invalid(name, describe(name, fields[name].Type()))
		}
	}
	if _, err := decoder.Token(); err != nil {
		return malformed("The request is not valid JSON.", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return malformed("The request goes on after the JSON object.", err)
	}
	return nil
}

func checkName(name string, fields map[string]reflect.Value, seen map[string]bool) error {
	if _, ok := fields[name]; !ok {
		return unknownField(name)
	}
	if seen[name] {
		return repeatedField(name)
	}
	seen[name] = true
	return nil
}

func decodeForm(body []byte, fields map[string]reflect.Value) error {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return malformed("The request is not a valid form.", err)
	}
	form.Del(MethodField)
	for name, values := range form {
		if err := decodeFormField(fields, name, values); err != nil {
			return err
		}
	}
	return nil
}

// decodeFormField reads the values of a form for a name.
func decodeFormField(fields map[string]reflect.Value, name string, values []string) error {
	field, key, ok := formField(fields, name)
	switch {
	case !ok:
		return unknownField(name)
	case len(values) > 1 && !isTexts(field.Type()):
		return repeatedField(name)
	case slices.ContainsFunc(values, func(text string) bool { return !utf8.ValidString(text) }):
		return malformed("The request is not UTF-8.", nil)
	}
	if err := setFormField(field, key, values); err != nil {
		return invalid(name, describe(name, field.Type()))
	}
	return nil
}

func unknownField(name string) error {
	return malformed(fmt.Sprintf("There is no field %.50q.", name), nil)
}

func repeatedField(name string) error {
	return malformed(fmt.Sprintf("The field %q is there more than once.", name), nil)
}
