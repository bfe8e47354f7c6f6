package problem_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"selvedge/fragments/problem"
)

// A handler takes JSON and forms, and answers with a problem for a program.
func ExampleDecode() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Quantity int      `json:"quantity"`
			Tags     []string `json:"tags"`
		}
		var p *problem.Problem
		if err := problem.Decode(w, r, &in); errors.As(err, &p) {
			w.Header().Set("Content-Type", problem.ContentType)
			w.WriteHeader(p.Status)
			_, _ = w.Write(p.JSON(""))
			return
		}
		_, _ = fmt.Fprintln(w, in.Quantity, in.Tags)
	})
	for _, form := range []string{"quantity=2&tags=red&tags=wool", "quantity=two"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 2 [red wool]
	// 422 {"detail":"The field \"quantity\" must be a whole number, and not a very large one.","field":"quantity","status":422,"title":"Unprocessable Entity","type":"about:blank"}
}

// A page for a person has the problem as a section.
func ExampleProblem_Section() {
	p := &problem.Problem{Status: http.StatusConflict, Title: "Sold out", Detail: "Choose another size."}
	fmt.Printf("%s\n", p.Section("", "/products"))
	// Output:
	// <section class="problem" id="problem" aria-labelledby="problem-title"><h1 id="problem-title">Sold out</h1><p>Choose another size.</p><p><a class="button quiet" href="/products">Back</a></p></section>
}
