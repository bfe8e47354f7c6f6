package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/hub"
)

// doors is a fragment at /sign, and the page that shows it at any other path.
type doors struct{ open atomic.Bool }

func (d *doors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/sign" {
		w.Header().Set("Cache-Groups", `"doors"`)
		_, _ = fmt.Fprintf(w, `<p id="sign">open: %t</p>`, d.open.Load())
		return
	}
	w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
	_, _ = fmt.Fprint(w, `<esi:include src="/fragments/doors/sign"/>`+
		`<esi:vars><div id="live" ws-connect="/live?page=$(SELVEDGE_PAGE)"></div></esi:vars>`)
}

func Example() {
	ctx := context.Background()
	fragment := new(doors)
	registry := composer.NewRegistry()
	if err := registry.Add("doors", "1.0.0", composer.Source{Handler: fragment}); err != nil {
		fmt.Println(err)
		return
	}
	site, err := live.New(registry, composer.Options{}, hub.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", site.Page("doors"))
	mux.Handle("GET /live", site.Live())
	server := httptest.NewServer(mux)
	defer server.Close()

	// A browser opens the page, and its script the connection.
	page, err := http.Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = page.Body.Close() }()
	document, err := goquery.NewDocumentFromReader(page.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(document.Find("#sign").Text())
	address, _ := document.Find("#live").Attr("ws-connect")
	cookie, _, _ := strings.Cut(page.Header.Get("Set-Cookie"), ";")
	browser, _, err := websocket.Dial(ctx, server.URL+address, &websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {server.URL}}})
	if err != nil {
		fmt.Println(err)
		return
	}

	fragment.open.Store(true)
	site.Invalidate("doors")
	_, message, _ := browser.Read(ctx)
	fmt.Printf("%s\n", message)

	_ = browser.CloseNow()
	fmt.Println(site.Close(ctx))
	// Output:
	// open: false
	// <p hx-swap-oob="true" id="sign">open: true</p>
	// <nil>
}

func ExampleSite_LiveJSON() {
	ctx := context.Background()
	fragment := new(doors)
	registry := composer.NewRegistry()
	if err := registry.Add("doors", "1.0.0", composer.Source{Handler: fragment}); err != nil {
		fmt.Println(err)
		return
	}
	site, err := live.New(registry, composer.Options{}, hub.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(site.LiveJSON())
	defer server.Close()
	program, _, err := websocket.Dial(ctx, server.URL, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func() {
		var m struct {
			Type string
			Data struct{ Reference, Body string }
		}
		_, b, err := program.Read(ctx)
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		fmt.Println(m.Type, m.Data.Reference, m.Data.Body, err)
	}

	_ = program.Write(ctx, websocket.MessageText, []byte(`{"type":"SUBSCRIBE","data":{"references":["/fragments/doors/sign"]}}`))
	show()
	fragment.open.Store(true)
	site.Invalidate("doors")
	show()

	_ = program.CloseNow()
	fmt.Println(site.Close(ctx))
	// Output:
	// UPDATE /fragments/doors/sign <p id="sign">open: false</p> <nil>
	// UPDATE /fragments/doors/sign <p id="sign">open: true</p> <nil>
	// <nil>
}
