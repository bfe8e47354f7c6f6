// Embed is a site from a configuration inside a program of another module: one fragment is
// the program's own, and every open page shows its new number.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync/atomic"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

const file = `
fragments: { likes: { api: [/likes] } }
pages: { /: likes/ }
live: auto
`

func main() {
	c, err := config.Parse("site.yaml", []byte(file))
	if err != nil {
		log.Fatal(err)
	}
	s, err := site.New(c, site.Options{Fragments: map[string]http.Handler{"likes": new(likes)}})
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on http://" + l.Addr().String())
	log.Fatal(http.Serve(l, s))
}

// likes is the fragment: a number and a button at /number, and the page at /.
type likes struct{ count atomic.Int64 }

func (l *likes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch r.Method + " " + r.URL.Path {
	case "GET /number":
		w.Header().Set("Cache-Groups", `"likes"`)
		_, _ = fmt.Fprintf(w, `<form id="likes" method="post" action="/likes"><button>%d likes</button></form>`, l.count.Load())
	case "POST /likes":
		l.count.Add(1)
		w.Header().Set("Cache-Group-Invalidation", `"likes"`)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = fmt.Fprint(w, `<!DOCTYPE html><html lang="en"><title>Likes</title><body><esi:include src="/fragments/likes/number"/></body></html>`)
	}
}
