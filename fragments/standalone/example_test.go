package standalone_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing/fstest"

	"github.com/a-h/templ"

	"selvedge/fragments"
	"selvedge/fragments/standalone"
)

// A program of a fragment author calls ListenAndServe with an address instead.
func ExampleServe() {
	greeting, err := fragments.New(fragments.Manifest{
		Name: "greeting", Version: "1.0.0", Title: "A greeting",
		Assets: fstest.MapFS{"greeting.css": {Data: []byte("#greeting { color: teal }")}}, // usually an embed.FS
		Styles: []string{"greeting.css"},
		Routes: []fragments.Route{{
			Pattern: "GET /hello", Title: "Hello", Sample: "/hello",
			Handle: func(w http.ResponseWriter, r *http.Request) error {
				return fragments.HTML(w, r, templ.Raw(`<p id="greeting">Hello</p>`), fragments.Shared("greetings"))
			},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	served := make(chan error)
	go func() { served <- standalone.Serve(ctx, l, greeting, standalone.Options{}) }()

	res, err := http.Get("http://" + l.Addr().String() + "/hello")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	fmt.Println(string(body))
	stop()
	fmt.Println(<-served)
	// Output:
	// <p id="greeting">Hello</p>
	// <nil>
}
