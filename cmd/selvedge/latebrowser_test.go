package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"selvedge/fragments/standalone"
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
			b.open("/delivery") // which tells that scripts run
			b.open("/products/1")
			b.wants("#product [aria-busy=true]", "Loading the product")
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

// shifts returns the cumulative layout shift of the page until now.
func (b *browser) shifts() float64 {
	b.t.Helper()
	return evaluate[float64](b, `new Promise((done) => {
		let sum = 0
		const add = (entries) => entries.forEach((entry) => sum += entry.hadRecentInput ? 0 : entry.value)
		const observer = new PerformanceObserver((list) => add(list.getEntries()))
		observer.observe({ type: "layout-shift", buffered: true })
		requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { add(observer.takeRecords()); done(sum) })))
	})`)
}

// startSlowList returns a shop whose list, head of the page and search field do not
// come until they are released.
func startSlowList(t *testing.T, scripts ...string) (s *testShop, release func()) {
	t.Helper()
	data := t.TempDir()
	alone := startShop(t, "fragment", "productlist", "--data", data, "--admin-token", adminToken)
	slow := startFaultProxy(t, alone.url)
	s = startShop(t, append(scripts, "--data", data, "--fragment", "productlist="+slow.url, "--admin-token", adminToken)...)
	s.do(http.MethodGet, "/fragments/productlist/categories", "")
	var held []*fault
	for _, path := range []string{"/grid", "/head", "/search"} {
		held = append(held, slow.hold(-1, "GET "+path))
	}
	return s, func() {
		for _, f := range held {
			f.release()
		}
	}
}

// TestAListThatIsSlowIsNoFailure has the list come when its page is there.
func TestAListThatIsSlowIsNoFailure(t *testing.T) {
	for name, scripts := range scriptsOf(t) {
		for _, width := range []int64{390, 1280} {
			t.Run(fmt.Sprint(name, " ", width), func(t *testing.T) {
				s, release := startSlowList(t, scripts...)
				b := startBrowser(t, s.url)
				b.size(width, 844)
				b.open("/delivery")
				b.open("/products?q=mugs")
				b.wants("#productlist [aria-busy=true]", "Loading the goods")
				evaluate[bool](b, "window.isTheSamePage = true")

				release()
				b.sees("#productlist h1", "Results for “mugs”")
				b.until("the title is right", "document.title === 'Results for “mugs” · Selvedge'")
				b.until("the search field is right", "document.getElementById('q').value === 'mugs'")
				b.sees("#announcement", "Loaded: Results for “mugs” · Selvedge")
				if got := b.shifts(); got >= 0.05 {
					t.Errorf("the layout shifts by %.3f; want less than 0.05", got)
				}
				if !evaluate[bool](b, "window.isTheSamePage") {
					t.Error("the page was loaded again; want it kept")
				}
			})
		}
	}
}

// TestAListThatDoesNotComeIsSorry lets the time pass for which a list is loading.
func TestAListThatDoesNotComeIsSorry(t *testing.T) {
	s, release := startSlowList(t)
	b := startBrowser(t, s.url)
	b.open("/delivery")
	b.faster("100")
	b.open("/products")
	b.sees("#productlist h1", "Our goods are not on the shelf yet")
	if text := b.text("#productlist"); strings.Contains(text, "again") {
		t.Errorf("the list says %q while it heals by itself", text)
	}
	b.sees("#announcement", "Our goods are not on the shelf yet")
	release()
	b.sees("#productlist h1", "All goods")
}

// TestASlowPartIsWaitedForWithoutScripts opens pages in a browser without
// JavaScript, and in one that has not shown yet that it runs scripts. The header is
// there before.
func TestASlowPartIsWaitedForWithoutScripts(t *testing.T) {
	for _, scripts := range []bool{false, true} {
		t.Run(fmt.Sprintf("scripts %t", scripts), func(t *testing.T) {
			s, release := startSlowList(t)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/products", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := s.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			begin := make([]byte, 2000)
			if _, err := io.ReadFull(resp.Body, begin); err != nil || !strings.Contains(string(begin), "site-header") {
				t.Fatalf("the page begins with %q, %v; want its header", begin, err)
			}
			b := startBrowser(t, s.url)
			if !scripts {
				b.withoutScripts()
			}
			time.AfterFunc(2*time.Second, release) // longer than the page waits otherwise
			b.open("/products")
			b.wants("#productlist h1", "All goods")
			rest, err := io.ReadAll(resp.Body)
			if err != nil || !strings.Contains(string(rest), "All goods") || strings.Contains(string(rest), "awaited") {
				t.Errorf("the page goes on with %q, %v; want the list", rest, err)
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
	case r.URL.Path == standalone.ManifestPath:
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
