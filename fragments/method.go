package fragments

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"

	"selvedge/fragments/problem"
)

const formType = "application/x-www-form-urlencoded"

// overrideMethod replaces the method of a posted form with the field MethodField, because
// HTML has no PATCH and no DELETE. The body can still be read.
func overrideMethod(w http.ResponseWriter, r *http.Request) error {
	contentType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || contentType != formType {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return problem.BodyError(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return badRequest("The request is not a valid form.", err)
	}
	methods, ok := form[problem.MethodField]
	if !ok {
		return nil
	}
	if len(methods) == 1 && (methods[0] == http.MethodPatch || methods[0] == http.MethodDelete) {
		r.Method = methods[0]
		return nil
	}
	return badRequest(fmt.Sprintf("The field %q must be PATCH or DELETE.", problem.MethodField), nil)
}

func badRequest(detail string, err error) error {
	return &Problem{Status: http.StatusBadRequest, Detail: detail, Err: err}
}
