package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
)

// guestbook is a fragment that was written without the kit: it takes a message
// with a picture, and refuses short ones in its own words.
func guestbook(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if len(r.FormValue("message")) < 5 {
		w.Header().Set("Selvedge-Error", "show")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `<p>The message is too short. <a href="/help">Help</a></p>`)
		return
	}
	picture := "no picture"
	if file, header, err := r.FormFile("picture"); err == nil {
		body, _ := io.ReadAll(file)
		picture = header.Filename + " with " + string(body)
	}
	_, _ = io.WriteString(w, `<p id="signed" hx-swap-oob="innerHTML">`+picture+`</p>`)
}

const guestbookForm = `<p id=signed></p><form hx-post=/fragments/guestbook/sign hx-swap=none>
	<input id=message name=message><input id=picture type=file name=picture><button id=sign>Sign the guestbook</button></form>`

// TestAFormOfAnyFragment signs a guestbook that knows nothing of the kit, with
// our script and with those of others.
func TestAFormOfAnyFragment(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(guestbook))
	t.Cleanup(server.Close)
	for name, scripts := range map[string][]string{"ours": nil, "htmx 2": clients[0].scripts, "htmx 4": clients[1].scripts} {
		t.Run(name, func(t *testing.T) {
			args := []string{"--fragment", "guestbook=" + server.URL}
			for _, script := range scripts {
				args = append(args, "--script", tool(t, script))
			}
			s := startShop(t, append([]string{"serve"}, args...)...)
			b := startBrowser(t, s.url)
			b.open("/cart")
			evaluate[bool](b, "document.getElementById('main').innerHTML = "+script(t, guestbookForm)+", window.htmx?.process(document.getElementById('main')), true")
			b.fill("#message", "Hey")
			b.click("#sign")
			b.sees("#notice", "The message is too short. Help")
			if got := b.value("message"); got != "Hey" {
				t.Errorf("the message is %q after the refusal; want it kept", got)
			}
			if scripts != nil {
				return // what follows is up to the attributes of the form
			}
			b.wants("#notice", "Sign the guestbook")
			b.fill("#message", "Hello there")
			evaluate[bool](b, `(() => { const files = new DataTransfer();
				files.items.add(new File(["a drawing"], "me.txt"));
				document.getElementById("picture").files = files.files; return true })()`)
			b.click("#sign")
			b.sees("#signed", "me.txt with a drawing")
			b.until("the form is empty, and the message gone", `document.getElementById("message").value + document.getElementById("picture").value + document.getElementById("notice").innerText === ""`)
		})
	}
}

// TestAQuantityInAnyNotation types what a field for numbers takes.
func TestAQuantityInAnyNotation(t *testing.T) {
	s := startShop(t)
	b := startBrowser(t, s.url)
	b.holding("/products/1")
	for _, test := range []struct{ typed, count string }{{"1e1", "10"}, {"2.0", "12"}} {
		evaluate[bool](b, "document.getElementById('quantity').value = "+quote(test.typed)+", true")
		b.do(chromedp.Click(chromedp.CSS("#stock-1 button")))
		b.sees("#cart-mini", test.count)
	}
}
