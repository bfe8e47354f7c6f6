package fragments_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/a-h/templ"

	"selvedge/fragments"
)

func Example() {
	f, err := fragments.New(fragments.Manifest{
		Name: "greeting", Version: "1.0.0", Title: "A greeting",
		Routes: []fragments.Route{{
			Pattern: "GET /hello/{name}", Title: "Hello", Sample: "/hello/Ada",
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				text := "<p>Hello, " + templ.EscapeString(r.PathValue("name")) + "</p>"
				return fragments.HTML(w, r, templ.Raw(text), fragments.Answer{Groups: []string{"greetings"}})
			},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/hello/Ada", nil))
	fmt.Println(w.Code, w.Header().Get("Cache-Groups"))
	fmt.Println(w.Body)
	// Output:
	// 200 "greetings"
	// <p>Hello, Ada</p>
}
