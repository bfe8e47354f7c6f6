package hub_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
)

// clock is a composer of one page with one fragment.
type clock struct{ hour int }

func (c *clock) Open(*http.Request, string) (hub.Page, error) {
	return hub.Page{Epoch: "1", Views: []hub.Shown{{View: hub.View{Reference: "clock"}, ETag: `"9"`}}}, nil
}

func (c *clock) Fetch(context.Context, hub.View, time.Time) (hub.Fragment, error) {
	return hub.Fragment{
		Body:   fmt.Appendf(nil, `<p id="clock">%d o'clock</p>`, c.hour),
		ETag:   fmt.Sprintf("%q", fmt.Sprint(c.hour)),
		Groups: []string{"time"},
	}, nil
}

// Renew leaves pages the token that they have.
func (*clock) Renew(hub.Page) (string, time.Time) { return "", time.Time{} }

func Example() {
	ctx := context.Background()
	c := &clock{hour: 10} // the page was rendered at nine
	h, err := hub.New(c, hub.Options{Epoch: "1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(h)
	defer server.Close()

	page, _, err := websocket.Dial(ctx, server.URL+"/live?page=TOKEN", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, joined, _ := page.Read(ctx)
	fmt.Printf("%s\n", joined)

	c.hour = 11
	h.Invalidate("time")
	_, changed, _ := page.Read(ctx)
	fmt.Printf("%s\n", changed)

	go func() { _ = h.Close(ctx) }()
	_, _, err = page.Read(ctx)
	fmt.Println(websocket.CloseStatus(err))
	// Output:
	// <p hx-swap-oob="true" id="clock">10 o'clock</p>
	// <p hx-swap-oob="true" id="clock">11 o'clock</p>
	// StatusServiceRestart
}

// serve is the example of the package documentation.
func serve(ctx context.Context, mux *http.ServeMux, pages hub.Pages, sold <-chan struct{}) error {
	h, err := hub.New(pages, hub.Options{})
	if err != nil {
		return err
	}
	mux.Handle("GET /live", h)
	<-sold
	h.Invalidate("product:42", "cart:7f3a")
	<-ctx.Done()
	return h.Close(ctx)
}

var _ = serve
