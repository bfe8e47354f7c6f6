// Likes is a site of one live fragment, as somebody else's module makes it: whoever
// presses the button, every open page shows the new number.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync/atomic"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/hub"
	"selvedge/static"
)

func main() {
	fragments := composer.NewRegistry()
	if err := fragments.Add("likes", "1.0.0", composer.Source{Handler: new(likes)}); err != nil {
		log.Fatal(err)
	}
	site, err := live.New(fragments, composer.Options{}, hub.Options{})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", site.Page("likes"))
	mux.Handle("POST /likes", site.Forward("likes"))
	mux.Handle("GET /fragments/", site.Fragment())
	mux.Handle("GET /live", site.Live())
	mux.Handle("GET /static/", static.Handler())
	log.Fatal(serve(http.NewCrossOriginProtection().Handler(mux)))
}

// likes is the fragment: a number and a button at /number, and the page at /.
type likes struct{ count atomic.Int64 }

func (l *likes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch r.Method + " " + r.URL.Path {
	case "GET /number":
		w.Header().Set("Cache-Groups", `"likes"`)
		_, _ = fmt.Fprintf(w, `<form id="likes" method="post" action="/likes" hx-post="/likes"><button>%d likes</button></form>`, l.count.Load())
	case "POST /likes":
		l.count.Add(1)
		w.Header().Set("Cache-Group-Invalidation", `"likes"`)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>Likes</title><script type="module" src="%s"></script>
<esi:include src="/fragments/likes/number"/><esi:vars><div id="live" ws-connect="/live?page=$(SELVEDGE_PAGE)"></div></esi:vars>`, static.URL("selvedge.js"))
	}
}

// serve listens on the address that is the first argument, or on port 8080.
func serve(h http.Handler) error {
	address := "localhost:8080"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("listening on http://" + l.Addr().String())
	return http.Serve(l, h)
}
