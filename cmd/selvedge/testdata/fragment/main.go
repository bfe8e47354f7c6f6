// Counter is a fragment as somebody else's module makes it, with a stylesheet and an
// error of its own, which is served alone.
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"

	"github.com/a-h/templ"

	"selvedge/fragments"
	"selvedge/fragments/standalone"
)

//go:embed counter.css
var files embed.FS

// full is the error of a counter that cannot count further. It says how it is answered.
type full struct{ max int64 }

func (e full) Error() string   { return fmt.Sprintf("the counter is at %d", e.max) }
func (e full) HTTPStatus() int { return http.StatusConflict }
func (e full) Title() string   { return "The counter is full" }
func (e full) Detail() string  { return fmt.Sprintf("It counts to %d.", e.max) }

type counter struct{ count atomic.Int64 }

func (c *counter) show(w http.ResponseWriter, r *http.Request) error {
	view := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, `<form id="count" method="post" action="/count" hx-post="/count"><button>%d</button></form>`, c.count.Load())
		return err
	})
	return fragments.HTML(w, r, view, fragments.Shared("count"))
}

func (c *counter) add(w http.ResponseWriter, r *http.Request) error {
	const most = 2
	if c.count.Load() >= most {
		return full{most}
	}
	c.count.Add(1)
	return fragments.SeeOther(w, r, "/count", fragments.Answer{Changed: []string{"count"}})
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := new(counter)
	f, err := fragments.New(fragments.Manifest{
		Name: "counter", Version: "1.0.0", Title: "A counter",
		Assets: files, Styles: []string{"counter.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /count", Title: "The count", Sample: "/count", Handle: c.show},
			{Pattern: "POST /count", Title: "Count", Handle: c.add},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on http://" + l.Addr().String())
	log.Fatal(standalone.Serve(ctx, l, f, standalone.Options{}))
}
