// Hello is a fragment with a view of templ, whose texts and code a test changes.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"selvedge/fragments"
	"selvedge/fragments/standalone"

	"example.com/hello/views"
)

const greeting = "Hello"

func main() {
	f, err := fragments.New(fragments.Manifest{
		Name: "hello", Version: "1.0.0", Title: "A greeting",
		Routes: []fragments.Route{{Pattern: "GET /hello", Title: "The greeting", Sample: "/hello", Handle: func(w http.ResponseWriter, r *http.Request) error {
			return fragments.HTML(w, r, views.Hello(greeting), fragments.Shared("hello"))
		}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(standalone.ListenAndServe(context.Background(), "127.0.0.1:"+os.Getenv("PORT"), f, standalone.Options{}))
}
