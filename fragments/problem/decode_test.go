package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/fragments/problem"
)

type person struct {
	Name string `json:"name"`
}

type input struct {
	person
	ID       int64 `json:"id"`
	Quantity *int  `json:"quantity"`
	Gift     bool  `json:"gift"`
	ignored  int
	Counts   map[string]int `json:"counts"`
	Tags     []string       `json:"tags"`
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func decode(contentType, body string) (input, error) {
	r := httptest.NewRequestWithContext(context.Background(), "POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	var in input
	err := problem.Decode(httptest.NewRecorder(), r, &in)
	return in, err
}

func TestDecodeReadsJSONAndForms(t *testing.T) {
	three := 3
	tests := []struct {
		name, contentType, body string
		want                    input
	}{
		{"JSON", jsonType, `{"id":7,"quantity":3,"name":"Ada","gift":true}`, input{person{"Ada"}, 7, &three, true, 0, nil, nil}},
		{"JSON with a charset", "application/json; charset=utf-8", ` {"id":7} ` + "\n", input{ID: 7}},
		{"empty JSON", jsonType, `{}`, input{}},
		{"a form", formType, "id=7&quantity=3&name=Ada+L&gift=true", input{person{"Ada L"}, 7, &three, true, 0, nil, nil}},
		{"a form with nothing in its fields", formType, "id=&quantity=&name=&gift=", input{}},
		{"an empty form", formType, "", input{}},
		{"JSON with an object", jsonType, `{"counts":{"3":5,"a.b":1}}`, input{Counts: map[string]int{"3": 5, "a.b": 1}}},
		{"a form with members of an object", formType, "counts.3=5&counts.a.b=1&counts.4=", input{Counts: map[string]int{"3": 5, "a.b": 1}}},
		{"JSON with a list", jsonType, `{"tags":["red",""]}`, input{Tags: []string{"red", ""}}},
		{"a form with a list", formType, "tags=red&tags=&tags=wool", input{Tags: []string{"red", "", "wool"}}},
		{"a form with a list of one", formType, "tags=red", input{Tags: []string{"red"}}},
		{"a form with its method", formType, "_method=PATCH&id=7", input{ID: 7}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := decode(test.contentType, test.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(input{}, person{})); diff != "" {
				t.Errorf("Decode(%q) (-want +got):\n%s", test.body, diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct {
		name, contentType, body string
		status                  int
		detail                  string
	}{
		{"no type", "", `{}`, 415, "application/json"},
		{"another type", "text/plain", `{}`, 415, "application/json"},
		{"a type that does not parse", "application/json; ;", `{}`, 415, "application/json"},
		{"files", "multipart/form-data; boundary=x", "--x--", 415, "application/json"},
		{"an empty body", jsonType, "", 400, "not a JSON object"},
		{"an array", jsonType, "[]", 400, "not a JSON object"},
		{"a number", jsonType, "7", 400, "not a JSON object"},
		{"half an object", jsonType, `{"id":7`, 400, "not valid JSON"},
		{"half a value", jsonType, `{"id":`, 400, "not valid JSON"},
		{"a missing comma", jsonType, `{"id":7 "name":"x"}`, 400, "not valid JSON"},
		{"a name that is no text", jsonType, `{7:7}`, 400, "not valid JSON"},
		{"something after the object", jsonType, `{"id":7}{}`, 400, "goes on"},
		{"an unknown member", jsonType, `{"id":7,"color":1}`, 400, `no field "color"`},
		{"a member in other case", jsonType, `{"ID":7}`, 400, `no field "ID"`},
		{"a field without a tag", jsonType, `{"ignored":7}`, 400, `no field "ignored"`},
		{"a member twice", jsonType, `{"id":7,"id":8}`, 400, `"id" is there more than once`},
		{"a text for a number", jsonType, `{"quantity":"abc"}`, 422, `"quantity" must be a whole number`},
		{"a fraction", jsonType, `{"quantity":1.5}`, 422, `"quantity" must be a whole number`},
		{"a number too large", jsonType, `{"quantity":1e30}`, 422, `"quantity" must be a whole number`},
		{"a number for a text", jsonType, `{"name":7}`, 422, `"name" must be a text`},
		{"a text for a truth", jsonType, `{"gift":"yes"}`, 422, `"gift" must be true or false`},
		{"JSON that is not UTF-8", jsonType, "{\"name\":\"\xff\"}", 400, "UTF-8"},
		{"a form that does not parse", formType, "id=%zz", 400, "not a valid form"},
		{"an unknown field", formType, "id=7&color=1", 400, `no field "color"`},
		{"a field twice", formType, "id=7&id=8", 400, `"id" is there more than once`},
		{"letters for a number", formType, "quantity=abc", 422, `"quantity" must be a whole number`},
		{"a fraction in a form", formType, "quantity=1.5", 422, `"quantity" must be a whole number`},
		{"a whole number with an exponent that does not fit", formType, "quantity=1e30", 422, `"quantity" must be a whole number`},
		{"a small number with an exponent", formType, "quantity=1e-1", 422, `"quantity" must be a whole number`},
		{"a number of other notations", formType, "quantity=0x10", 422, `"quantity" must be a whole number`},
		{"a hexadecimal fraction", formType, "quantity=0x1p4", 422, `"quantity" must be a whole number`},
		{"an infinite number", formType, "quantity=inf", 422, `"quantity" must be a whole number`},
		{"a number with a dot at its end", formType, "quantity=2.", 422, `"quantity" must be a whole number`},
		{"a form's number too large", formType, "quantity=99999999999999999999", 422, `"quantity" must be a whole number`},
		{"letters for a truth", formType, "gift=maybe", 422, `"gift" must be true or false`},
		{"a text for a list", jsonType, `{"tags":"red"}`, 422, `"tags" must be a list of texts`},
		{"numbers for a list", jsonType, `{"tags":[7]}`, 422, `"tags" must be a list of texts`},
		{"a list that is not UTF-8", formType, "tags=a&tags=%ff", 400, "UTF-8"},
		{"two halves of a character", formType, "tags=%c3&tags=%a9", 400, "UTF-8"},
		{"a member of a list", formType, "tags.0=red", 400, `no field "tags.0"`},
		{"a member twice in a form", formType, "counts.3=5&counts.3=6", 400, `"counts.3" is there more than once`},
		{"a form that is not UTF-8", formType, "name=%ff", 400, "UTF-8"},
		{"JSON above the limit", jsonType, `{"name":"` + strings.Repeat("x", problem.MaxBody) + `"}`, 413, "65536 bytes"},
		{"a form above the limit", formType, "name=" + strings.Repeat("x", problem.MaxBody), 413, "65536 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := decode(test.contentType, test.body)
			var got *problem.Problem
			if !errors.As(err, &got) || got.Status != test.status || !strings.Contains(got.Detail, test.detail) {
				t.Errorf("Decode(%.60q) = %v; want %d with %q", test.body, err, test.status, test.detail)
			}
		})
	}
}

func TestDecodeNamesTheField(t *testing.T) {
	_, err := decode(formType, "quantity=abc")
	var p *problem.Problem
	if !errors.As(err, &p) || p.Extra["field"] != "quantity" {
		t.Errorf("Decode = %#v; want a problem with the field quantity", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(jsonType, []byte(`{"id":7,"quantity":3,"name":"Ada","gift":true}`))
	f.Add(jsonType, []byte(`{"id":7}{`))
	f.Add(formType, []byte("id=7&quantity=3&name=Ada+L&gift=true"))
	f.Add(formType, []byte("tags=red&tags=&counts.3=5"))
	f.Add(formType, []byte("id=%zz&_method=PATCH"))
	f.Add("text/plain; a=b", []byte{0xff})
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		in, err := decode(contentType, string(body))
		if err == nil {
			checkRoundTrip(t, in)
			return
		}
		var p *problem.Problem
		if !errors.As(err, &p) || p.Status < 400 || p.Status > 499 {
			t.Errorf("Decode(%q) = %v; want a *Problem with a 4xx", body, err)
		}
	})
}

// checkRoundTrip checks that what was read can be written and read again.
func checkRoundTrip(t *testing.T, in input) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"id": in.ID, "quantity": in.Quantity, "name": in.Name, "gift": in.Gift,
		"counts": in.Counts, "tags": in.Tags})
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > problem.MaxBody {
		return
	}
	again, err := decode(jsonType, string(body))
	if err != nil {
		t.Fatalf("Decode(%s) = %v", body, err)
	}
	if diff := cmp.Diff(in, again, cmp.AllowUnexported(input{}, person{})); diff != "" {
		t.Errorf("read again (-first +second):\n%s", diff)
	}
}

func TestUnmarshalIsAsStrictAsDecode(t *testing.T) {
	var in input
	if err := problem.Unmarshal([]byte(`{"id":7,"name":"Ada"}`), &in); err != nil || in.ID != 7 || in.Name != "Ada" {
		t.Errorf("Unmarshal = %+v, %v; want id 7 of Ada", in, err)
	}
	for _, object := range []string{"", "null", "[]", "{", `{"id":7}{}`, `{"ID":7}`, `{"id":7,"id":8}`, `{"id":"7"}`, "{\"name\":\"\xff\"}"} {
		var p *problem.Problem
		if err := problem.Unmarshal([]byte(object), &in); !errors.As(err, &p) {
			t.Errorf("Unmarshal(%q) = %v; want a *Problem", object, err)
		}
	}
}

func TestBodyError(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader("too long"))
	_, err := io.ReadAll(http.MaxBytesReader(httptest.NewRecorder(), r.Body, 3))
	if p := problem.BodyError(err); p.Status != 413 || p.Detail != "The request may have 3 bytes at most." || !errors.Is(p, err) {
		t.Errorf("BodyError(%v) = %d %v; want 413, the limit and the cause", err, p.Status, p)
	}
	if p := problem.BodyError(io.ErrUnexpectedEOF); p.Status != 400 || !errors.Is(p, io.ErrUnexpectedEOF) {
		t.Errorf("BodyError(%v) = %d %v; want 400 and the cause", io.ErrUnexpectedEOF, p.Status, p)
	}
}
