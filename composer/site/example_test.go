package site_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// A site of a page and a fragment. The fragments of most sites are other servers, by their
// URL.
func ExampleNew() {
	c := config.New()
	c.Pages = config.Pages{{Pattern: "/hello/{name}", Template: "shell/page"}}
	c.Fragments = map[string]config.Fragment{"shell": {}, "greeting": {}}
	c.Quiet = true
	s, err := site.New(c, site.Options{Logger: quiet, Fragments: map[string]http.Handler{
		"shell": template(`<main><esi:include src="/fragments/greeting/$(SELVEDGE_PATH{name})"/></main>`),
		"greeting": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, "Hello%s", r.URL.Path)
		}),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = s.Close(context.Background()) }()
	server := httptest.NewServer(s)
	defer server.Close()

	res, err := http.Get(server.URL + "/hello/world")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	fmt.Println(string(body))
	// Output: <main>Hello/world</main>
}
