package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// debuggedSite is a live site in dev: a stored fragment, rows of a table, options, a fragment
// with another one in it that shows a number, and a fragment that fails.
func debuggedSite(t *testing.T) (s *site.Site, address string, number *atomic.Int64) {
	t.Helper()
	c, err := config.Parse("site.yaml", []byte("fragments: {shell: , part: }\npages: {/: shell/page}\nlive: auto\ndev: true\n"))
	if err != nil {
		t.Fatal(err)
	}
	html := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if strings.Contains(text, "<esi:") {
				w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
			}
			_, _ = io.WriteString(w, text)
		}
	}
	shell := html(`<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>Debugged</title></head><body><main><h1>A page</h1>
<esi:include src="/fragments/part/stored"/>
<table><thead><tr><th scope="col">Row</th></tr></thead><tbody><esi:include src="/fragments/part/row"/></tbody></table>
<label>Choice <select><esi:include src="/fragments/part/option"/></select></label>
<esi:include src="/fragments/part/outer"/>
<p><esi:include src="/fragments/part/missing" onerror="continue"/></p></main></body></html>`)
	number = new(atomic.Int64)
	part := http.NewServeMux()
	part.HandleFunc("/stored", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=600")
		html(`<p id="stored">Stored for ten minutes</p>`)(w, r)
	})
	part.HandleFunc("/row", html(`<tr id="row"><td>one</td></tr>`))
	part.HandleFunc("/option", html(`<option>one</option>`))
	part.HandleFunc("/outer", html(`<section id="outer"><h2>Outer</h2><esi:include src="/fragments/part/number"/></section>`))
	part.HandleFunc("/number", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Groups", `"number"`)
		html(fmt.Sprintf(`<p id="number">Number %d</p>`, number.Load()))(w, r)
	})
	s, err = site.New(c, site.Options{Logger: slog.New(slog.DiscardHandler), Fragments: map[string]http.Handler{"shell": shell, "part": part}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		_ = s.Close(context.Background())
		server.CloseClientConnections()
		server.Close()
	})
	return s, server.URL, number
}

// debugRoot is the shadow tree of the panel.
const debugRoot = `document.querySelector("selvedge-debug").shadowRoot`

// boxOf returns the place of the outline of an include, as "left,top,width,height", or nothing.
func boxOf(b *browser, reference string) string {
	b.t.Helper()
	return evaluate[string](b, `(reference => {
		const rows = [...`+debugRoot+`.querySelectorAll("tr[data-include]")]
		const box = `+debugRoot+`.querySelectorAll(".box")[rows.findIndex(row => row.querySelector("code").textContent === reference)]
		const r = box.getBoundingClientRect()
		return box.hidden ? "" : [r.left, r.top, r.width, r.height].map(Math.round).join()
	})(`+quote(reference)+`)`)
}

// placeOf returns the place of an element in the same form.
func placeOf(b *browser, css string) string {
	b.t.Helper()
	return evaluate[string](b, `(r => [r.left, r.top, r.width, r.height].map(Math.round).join())(document.querySelector(`+quote(css)+`).getBoundingClientRect())`)
}

// openDebugged opens a page with its panel, and waits for the files of the panel.
func openDebugged(b *browser) {
	b.t.Helper()
	b.open("/?selvedge=debug")
	b.until("the panel has its styles", `getComputedStyle(`+debugRoot+`.querySelector("details")).position === "fixed"`)
	b.until("the failure has its styles", `getComputedStyle(document.querySelector("selvedge-failure")).display === "inline-block"`)
}

// The page looks the same with its outlines, under the policy of the site, and stays live.
func TestADebuggedPageInABrowser(t *testing.T) {
	s, address, number := debuggedSite(t)
	b := startBrowser(t, address)
	b.beforeScripts(`window.violations = []; addEventListener("securitypolicyviolation", e => violations.push(e.violatedDirective + " " + e.blockedURI));
		addEventListener("selvedge:state", e => window.liveState = e.detail.state)`)
	b.size(1000, 800)
	layout := func() map[string]string {
		places := make(map[string]string)
		for _, css := range []string{"h1", "#stored", "table", "td", "select", "#outer", "#number"} {
			places[css] = placeOf(b, css)
		}
		return places
	}
	b.open("/")
	plain := layout()
	openDebugged(b)
	b.until("the outlines are drawn", debugRoot+`.querySelectorAll(".box").length === 6`)
	if diff := cmp.Diff(plain, layout()); diff != "" {
		t.Errorf("the layout of the debugged page (-plain +debugged):\n%s", diff)
	}
	outlined := map[string]string{"/fragments/part/stored": "#stored", "/fragments/part/row": "#row", "/fragments/part/outer": "#outer", "/fragments/part/number": "#number"}
	for reference, css := range outlined {
		if got, want := boxOf(b, reference), placeOf(b, css); got != want {
			t.Errorf("the outline of %s is at %s; want %s", reference, got, want)
		}
	}
	b.until("the page is live", `window.liveState === "live"`)
	number.Store(1)
	s.Invalidate("number")
	b.sees("#number", "Number 1")
	if got, want := boxOf(b, "/fragments/part/number"), placeOf(b, "#number"); got != want {
		t.Errorf("after a swap the outline is at %s; want %s", got, want)
	}
	if violations := evaluate[[]string](b, `violations`); len(violations) > 0 {
		t.Errorf("the policy of the site forbids %q", violations)
	}
}

// The panel is read by people with a phone, in the dark, and with a screen reader.
func TestTheDebugPanelIsAccessible(t *testing.T) {
	axe, err := os.ReadFile(tool(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	_, address, _ := debuggedSite(t)
	b := startBrowser(t, address)
	for _, width := range []int64{360, 1200} {
		for _, dark := range []bool{false, true} {
			b.size(width, 800)
			b.dark(dark)
			openDebugged(b)
			evaluate[bool](b, debugRoot+`.querySelector("details").open = true`)
			if wide := evaluate[int64](b, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("at %d pixels the page with its panel is %d wide", width, wide)
			}
			if wide := evaluate[int64](b, `(p => p.scrollWidth - p.clientWidth)(`+debugRoot+`.querySelector(".panel"))`); wide > 0 {
				t.Errorf("at %d pixels the panel is %d pixels too wide", width, wide)
			}
			if folder := os.Getenv("SHOTS"); folder != "" {
				_ = os.WriteFile(fmt.Sprintf("%s/debug-%d-%t.png", folder, width, dark), act(b, chromedp.CaptureScreenshot()), 0o600)
			}
			evaluate[bool](b, string(axe)+"; true")
			for _, v := range evaluate[[]violation](b, "axe.run().then(r => r.violations)") {
				t.Errorf("at %d pixels, dark: %t: %+v", width, dark, v)
			}
		}
	}
}

// The panel needs no script.
func TestTheDebugPanelWithoutScripts(t *testing.T) {
	_, address, _ := debuggedSite(t)
	b := startBrowser(t, address)
	b.withoutScripts()
	b.open("/?selvedge=debug")
	if got := evaluate[string](b, debugRoot+`.querySelector("summary").innerText`); !strings.HasPrefix(got, "Selvedge: 6 includes, 1 failed, ") {
		t.Errorf("the panel reads %q", got)
	}
}
