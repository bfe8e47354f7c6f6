package server_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"selvedge/composer"
	"selvedge/composer/server"
)

// A page without a template is answered by an error page.
func ExampleErrorPages() {
	pages := server.ErrorPages{Logger: slog.New(slog.DiscardHandler)}
	c, err := composer.New(composer.NewRegistry(), composer.Options{Error: pages.Error})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	c.Page("shop").ServeHTTP(w, r)
	fmt.Println(w.Header().Get("Content-Type"))
	fmt.Print(w.Body)
	// Output:
	// application/problem+json
	// {"detail":"There is no fragment \"shop\".","status":404,"title":"Not Found","type":"about:blank"}
}

// A program says that the data of a group has changed.
func ExampleInvalidation() {
	c, err := composer.New(composer.NewRegistry(), composer.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	token, err := server.NewBearerToken("a-token-of-the-operator")
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /-/invalidate", &server.Invalidation{Composer: c, Authorize: token.Authorize})

	r := httptest.NewRequest(http.MethodPost, "/-/invalidate", strings.NewReader(`{"groups": ["product:3"]}`))
	r.Header.Set("Authorization", "Bearer a-token-of-the-operator")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// 200 {"groups":["product:3"],"dropped":0}
}
