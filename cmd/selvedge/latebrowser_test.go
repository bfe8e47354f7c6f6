package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync/atomic"
	"testing"
)

// styleOf returns a script that reads a computed property of an element.
func styleOf(css, property string) string {
	return "getComputedStyle(document.querySelector(" + quote(css) + "))[" + quote(property) + "]"
}

// hasStyles waits until an element has a computed property, which it owes to a
// stylesheet, and checks that the page links to that once.
func (b *browser) hasStyles(css, property, value, stylesheet string) {
	b.t.Helper()
	b.until(css+" is styled", styleOf(css, property)+" === "+quote(value))
	if got := evaluate[int](b, "document.head.querySelectorAll('link[rel=stylesheet][href*="+stylesheet+"]').length"); got != 1 {
		b.t.Errorf("the head links %d times to the stylesheet of %s; want once", got, stylesheet)
	}
}

// scriptsOf are the clients of the live connection: ours and those of others.
func scriptsOf(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{"selvedge.js": nil}
	for _, client := range clients {
		for _, script := range client.scripts {
			all["htmx "+client.version] = append(all["htmx "+client.version], "--script", tool(t, script))
		}
	}
	return all
}

// TestAListThatWasDownArrivesWhole opens the list's page while the list's process
// is down, and starts it. The page is not loaded again.
func TestAListThatWasDownArrivesWhole(t *testing.T) {
	for name, scripts := range scriptsOf(t) {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			alone, process := startProcess(t, "fragment", "productlist", "--data", data)
			if err := process.Kill(); err != nil {
				t.Fatal(err)
			}
			_, _ = process.Wait()
			s := startShop(t, append(scripts, "--data", data, "--fragment", "productlist="+alone.url, "--admin-token", adminToken)...)
			b := startBrowser(t, s.url)
			b.open("/products")
			b.wants("#productlist", "not on the shelf yet")
			evaluate[bool](b, "window.isTheSamePage = true")

			startProcessAt(t, strings.TrimPrefix(alone.url, "http://"), "fragment", "productlist", "--data", data)
			b.sees("#productlist", "Café crème mug")
			b.hasStyles(".productlist", "display", "grid", "productlist")
			s.sell("1", "2")
			b.sees("#stock-1", "Only 2 left")
			s.sell("1", "1")
			b.sees("#stock-1", "Only 1 left")
			b.hasStyles(".productlist", "display", "grid", "productlist")
			if !evaluate[bool](b, "window.isTheSamePage") {
				t.Error("the page was loaded again; want it kept")
			}
		})
	}
}

// TestDetailsThatCameLateArriveWhole has the process of the details answer when
// their page is shown without them.
func TestDetailsThatCameLateArriveWhole(t *testing.T) {
	for name, scripts := range scriptsOf(t) {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			alone := startShop(t, "fragment", "productdetails", "--data", data, "--admin-token", adminToken)
			slow := startFaultProxy(t, alone.url)
			late := slow.hold(-1, "GET /products/1")
			s := startShop(t, append(scripts, "--data", data, "--fragment", "productdetails="+slow.url, "--admin-token", adminToken)...)
			b := startBrowser(t, s.url)
			b.open("/products/1")
			b.wants("#product", "cannot be shown at the moment")
			evaluate[bool](b, "window.isTheSamePage = true")

			late.release()
			b.sees("#product h1", "Café crème mug")
			b.hasStyles(".productdetails", "display", "grid", "productdetails")
			s.sell("1", "2")
			b.sees("#stock-1", "Only 2 left")
			if !evaluate[bool](b, "window.isTheSamePage") {
				t.Error("the page was loaded again; want it kept")
			}
		})
	}
}

// A release is a version of the product list in a process of its own. All
// releases have the same data, and so the same revision.
type release struct {
	version string
	markup  string // of the list
	styles  []string
}

// deployment is a process that serves one release of the product list at a time,
// the files of that release, and nothing while it is down.
type deployment struct {
	*httptest.Server
	release atomic.Pointer[release] // nil: the process is down
}

func startDeployment(t *testing.T) *deployment {
	t.Helper()
	d := new(deployment)
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (d *deployment) deploy(r release) { d.release.Store(&r) }

func (d *deployment) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	current := d.release.Load()
	switch {
	case current == nil:
		panic(http.ErrAbortHandler)
	case r.URL.Path == manifestPath:
		_, _ = fmt.Fprintf(w, `{"name": "productlist", "version": %q}`, current.version)
	case strings.HasSuffix(r.URL.Path, ".css"):
		w.Header().Set("Content-Type", "text/css")
		_, _ = fmt.Fprintf(w, `#productlist { --%s: loaded }`, strings.TrimSuffix(path.Base(r.URL.Path), ".css"))
	case r.URL.Path == "/count.js":
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprint(w, `window.runs = (window.runs ?? 0) + 1`)
	case r.URL.Path == "/grid":
		d.grid(w, current)
	default:
		http.NotFound(w, r)
	}
}

func (d *deployment) grid(w http.ResponseWriter, current *release) {
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("Cache-Groups", `"products"`)
	w.Header().Set("Cache-Control", "max-age=3600")
	for _, style := range current.styles {
		w.Header().Add("Link", "<"+style+">; rel=stylesheet")
	}
	_, _ = fmt.Fprintf(w, `<section id="productlist" data-revision="7" data-epoch="e">%s</section>`, current.markup)
}

// TestWhatAPushedFragmentNamesIsLoadedOnce has a list that names a script and a
// stylesheet twice, leaves the script out for a while, and names another one in
// its place.
func TestWhatAPushedFragmentNamesIsLoadedOnce(t *testing.T) {
	const script = `<script src="/fragments/productlist/count.js"></script>`
	d := startDeployment(t)
	s := startShop(t, "--fragment", "productlist="+d.URL)
	b := startBrowser(t, s.url)
	b.live("/products")
	const link = `<link rel="stylesheet" href="/static/within.css">`
	other := strings.Replace(script, "count.js", "count.js?other", 1)
	tests := []struct {
		markup string
		runs   int
	}{
		{link + script + "<p>first</p>" + script, 1},
		{link + "<p>second</p>", 1},
		{link + script + "<p>third</p>" + script, 1},
		{link + other + "<p>fourth</p>" + script, 2},
	}
	for i, test := range tests {
		d.deploy(release{
			version: fmt.Sprintf("1.%d.0", i), markup: test.markup,
			styles: []string{"/static/within.css", fmt.Sprintf("/static/style%d.css", i)},
		})
		b.until("the stylesheet of the release is there",
			fmt.Sprintf(`getComputedStyle(document.getElementById("productlist")).getPropertyValue("--style%d") === "loaded"`, i))
		b.until("its script has run", fmt.Sprintf("window.runs >= %d", test.runs))
		if got := evaluate[int](b, "window.runs"); got != test.runs {
			t.Errorf("after release %d the scripts ran %d times; want %d", i, got, test.runs)
		}
		if got := evaluate[int](b, `document.querySelectorAll('link[href$="within.css"]').length`); got != 1 {
			t.Errorf("after release %d the page links %d times to the stylesheet; want once", i, got)
		}
	}
}

// TestADeployedVersionReplacesWhatPagesShow deploys and rolls back a version of
// the list with other markup of the same data.
func TestADeployedVersionReplacesWhatPagesShow(t *testing.T) {
	for name, scripts := range scriptsOf(t) {
		t.Run(name, func(t *testing.T) {
			d := startDeployment(t)
			before, after := release{version: "1.0.0", markup: "<p>before</p>"}, release{version: "1.1.0", markup: "<h2>after</h2>"}
			d.deploy(before)
			s := startShop(t, append(scripts, "--fragment", "productlist="+d.URL)...)
			s.knows("1.0.0")
			b := startBrowser(t, s.url)
			b.open("/products")
			b.wants("#productlist p", "before")
			evaluate[bool](b, "window.isTheSamePage = true")
			d.deploy(after)
			b.sees("#productlist h2", "after")
			d.deploy(before)
			b.sees("#productlist p", "before")
			if !evaluate[bool](b, "window.isTheSamePage") {
				t.Error("the page was loaded again; want it kept")
			}
		})
	}
}
