package fragments

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
	"unicode/utf8"
)

// MaxBody is the most bytes that the body of a request may have.
const MaxBody = 64 << 10

// Decode reads the body of a request into the struct that dst points to: a JSON
// object or a form (application/x-www-form-urlencoded) by Content-Type. Fields
// are found by the names of their json tags, exactly; a field that is absent
// stays as it is. A form field can be a string, an int, an int64, a bool, or a
// pointer to one; an empty form field of any of them but string counts as
// absent. A whole number in a form may be written as 2.0 or 1e1, as browsers send
// it. A map[string]int is an object in JSON, and in a form the fields whose names
// are that of the map, a point and the key: quantities.3 is the member 3 of
// quantities.
//
// What is wrong with the request is a *Problem: 413 for a body above MaxBody,
// 415 for another Content-Type, 400 for a body that does not parse or has
// fields that are unknown or come twice, and 422 for a value that does not fit
// its field, which is named in the member "field".
func Decode(w http.ResponseWriter, r *http.Request, dst any) error {
	contentType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	isJSON := contentType == "application/json"
	if err != nil || !isJSON && contentType != formType {
		return &Problem{Status: http.StatusUnsupportedMediaType, Err: err,
			Detail: "Send the request as application/json or " + formType + "."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return bodyProblem(err)
	}
	if isJSON {
		return Unmarshal(body, dst)
	}
	if !utf8.Valid(body) {
		return malformed("The request is not UTF-8.", nil)
	}
	return decodeForm(body, fieldsOf(dst))
}

// Unmarshal reads a JSON object that did not come as the body of a request,
// such as a message, as strictly as Decode does.
func Unmarshal(object []byte, dst any) error {
	if !utf8.Valid(object) {
		return malformed("The request is not UTF-8.", nil)
	}
	return decodeObject(object, fieldsOf(dst))
}

// bodyProblem says why a body could not be read: it was too large, or it ended
// before its end.
func bodyProblem(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return malformed("The request is not complete.", err)
}

func malformed(detail string, err error) *Problem {
	return &Problem{Status: http.StatusBadRequest, Detail: detail, Err: err}
}

func invalid(field, detail string) *Problem {
	return &Problem{Status: http.StatusUnprocessableEntity, Detail: detail, Extra: map[string]any{"field": field}}
}

// decodeObject reads member by member: encoding/json would take names in any
// case, and the last of two members with one name.
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
		name := token.(string) // inside an object, a token before a value is a name
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

func decodeForm(body []byte, fields map[string]reflect.Value) error {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return malformed("The request is not a valid form.", err)
	}
	form.Del(methodField)
	for name, values := range form {
		field, ok := fields[name]
		set := func() error { return setField(field, values[0]) }
		if !ok {
			var key string
			if field, key, ok = memberOf(fields, name); !ok {
				return unknownField(name)
			}
			set = func() error { return setMember(field, key, values[0]) }
		}
		if len(values) > 1 {
			return repeatedField(name)
		}
		if !utf8.ValidString(values[0]) {
			return malformed("The request is not UTF-8.", nil)
		}
		if err := set(); err != nil {
			return invalid(name, describe(name, field.Type()))
		}
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

func unknownField(name string) error {
	return malformed(fmt.Sprintf("There is no field %.50q.", name), nil)
}

func repeatedField(name string) error {
	return malformed(fmt.Sprintf("The field %q is there more than once.", name), nil)
}
