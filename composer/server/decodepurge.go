package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"selvedge/composer"
)

// maxPurgeBody is the most bytes in the body of a purge.
const maxPurgeBody = 64 << 10

// decodePurge reads the body of a purge, in JSON or as a form by Content-Type. The error
// is a *Problem with one of these statuses:
//
//   - 400 for a body that does not parse, or has an unknown or a repeated field;
//   - 413 for a body above maxPurgeBody;
//   - 415 for another Content-Type;
//   - 422 for a value of the wrong type; the member "field" has the name of its field.
func decodePurge(w http.ResponseWriter, r *http.Request) (p composer.Purge, err error) {
	const formType = "application/x-www-form-urlencoded"
	contentType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || contentType != "application/json" && contentType != formType {
		return p, &Problem{Status: http.StatusUnsupportedMediaType, Err: err, Detail: "Send the request as application/json or " + formType + "."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPurgeBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return p, &Problem{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("The request may have %d bytes at most.", tooLarge.Limit)}
	}
	switch {
	case err != nil:
		return p, malformed("The request is not complete.", err)
	case !utf8.Valid(body):
		return p, malformed("The request is not UTF-8.", nil)
	case contentType == formType:
		err = decodePurgeForm(string(body), &p)
	default:
		err = decodePurgeJSON(body, &p)
	}
	return p, err
}

// purgeFields returns the fields of a purge by their names in a body.
func purgeFields(p *composer.Purge) map[string]any {
	return map[string]any{"groups": &p.Groups, "urls": &p.URLs, "prefix": &p.Prefix, "all": &p.All, "soft": &p.Soft}
}

// decodePurgeJSON reads a JSON object member by member, because encoding/json alone
// accepts names in any case, and the last of two members with a name.
func decodePurgeJSON(body []byte, p *composer.Purge) error {
	decoder, fields := json.NewDecoder(bytes.NewReader(body)), purgeFields(p)
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return malformed("The request is not a JSON object.", err)
	}
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return malformed("The request is not valid JSON.", err)
		}
		name := token.(string) // a token before a value in an object is a name
		if err := checkField(name, fields, seen[name]); err != nil {
			return err
		}
		seen[name] = true
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return malformed("The request is not valid JSON.", err)
		}
		if err := json.Unmarshal(value, fields[name]); err != nil {
			return wrongType(name, fields[name])
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

// decodePurgeForm reads a form. An empty value of a field for yes or no is no.
func decodePurgeForm(body string, p *composer.Purge) error {
	form, err := url.ParseQuery(body)
	if err != nil {
		return malformed("The request is not a valid form.", err)
	}
	fields := purgeFields(p)
	for name, values := range form {
		list, isList := fields[name].(*[]string)
		if err := checkField(name, fields, !isList && len(values) > 1); err != nil {
			return err
		}
		switch field := fields[name].(type) {
		case *[]string:
			*list = values
		case *string:
			*field = values[0]
		case *bool:
			if *field, err = strconv.ParseBool(values[0]); err != nil && values[0] != "" {
				return wrongType(name, field)
			}
		}
	}
	return nil
}

// checkField returns an error for an unknown or a repeated field.
func checkField(name string, fields map[string]any, repeated bool) error {
	switch {
	case fields[name] == nil:
		return malformed(fmt.Sprintf("There is no field %.50q.", name), nil)
	case repeated:
		return malformed(fmt.Sprintf("The field %q is there more than once.", name), nil)
	}
	return nil
}

func malformed(detail string, err error) error {
	return &Problem{Status: http.StatusBadRequest, Detail: detail, Err: err}
}

func wrongType(name string, field any) error {
	kind := "true or false"
	switch field.(type) {
	case *[]string:
		kind = "a list of texts"
	case *string:
		kind = "a text"
	}
	return &Problem{Status: http.StatusUnprocessableEntity, Detail: fmt.Sprintf("The field %q must be %s.", name, kind),
		Members: map[string]any{"field": name}}
}
