package composer_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"

	"selvedge/composer"
)

// compose serves the pages of a shell and of a cart in another process.
func compose(mux *http.ServeMux, shell http.Handler, cart *url.URL) error {
	registry := composer.NewRegistry()
	err := errors.Join(
		registry.Add("shell", "1.0.0", composer.Source{Handler: shell}),
		registry.Add("cart", "1.4.2", composer.Source{URL: cart}), // another process
	)
	if err != nil {
		return err
	}
	c, err := composer.New(registry, composer.Options{})
	if err != nil {
		return err
	}
	mux.Handle("GET /", c.Session(c.Page("shell")))
	mux.Handle("POST /api/cart", c.Session(c.Forward("cart")))
	mux.Handle("GET "+composer.Prefix, c.Session(c.Fragment()))
	return nil
}

func Example() {
	shell := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, `<h1>Shop</h1><esi:include src="/fragments/cart/mini">No cart today</esi:include>`)
	})
	cart := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "<a>%s %s</a>", r.Method, r.URL.Path)
	}))
	defer cart.Close()
	address, err := url.Parse(cart.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	if err := compose(mux, shell, address); err != nil {
		fmt.Println(err)
		return
	}
	for _, request := range []string{"GET /products/42", "POST /api/cart", "GET /fragments/cart/mini"} {
		var method, path string
		_, _ = fmt.Sscan(request, &method, &path)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		fmt.Println(w.Body)
	}
	// Output:
	// <h1>Shop</h1><a>GET /mini</a>
	// <a>POST /api/cart</a>
	// <a>GET /mini</a>
}
