package shell_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"selvedge/fragments/fragmentstest"
	"selvedge/fragments/shell"
	"selvedge/static"
)

// get returns the template of a page.
func get(t *testing.T, path string) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	f, err := shell.New(shell.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return w, doc
}

func TestTemplatesIncludeWhatTheirPagesShow(t *testing.T) {
	const (
		search = "/fragments/productlist/search?$(QUERY_STRING)"
		mini   = "/fragments/cart/mini"
		add    = "/fragments/cart/add"
		nav    = "/fragments/productlist/categories"
		browse = "/fragments/productlist/browse"
	)
	tests := []struct {
		path    string
		primary string   // whose status is the page's
		others  []string // the further includes of the body
	}{
		{"/", "/fragments/productlist/home", []string{mini, search, nav, add}},
		{"/products", "/fragments/productlist/grid?$(QUERY_STRING)", []string{mini, search, nav, add}},
		{"/new", "/fragments/productlist/grid?sort=newest&$(QUERY_STRING)", []string{mini, search, nav, add}},
		{"/products/42", "/fragments/productdetails/products/42", []string{mini, search, nav, add, "/fragments/productlist/related/42", "/fragments/productlist/recent/42"}},
		{"/delivery", "", []string{mini, search, nav}},
		{"/cart", "/fragments/cart/cart", []string{mini, search, nav}},
		{"/orders/7KQ2M-X9DTP", "/fragments/cart/orders/7KQ2M-X9DTP?$(QUERY_STRING)", []string{mini, search, nav}},
		{"/not-found", "", []string{mini, search, nav, "/-/answer", add, browse}},
		{"/error", "", []string{mini, search, nav, "/-/answer", add, browse}},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			w, doc := get(t, test.path)
			var primary string
			var others []string
			doc.Find(`header esi\:include, main esi\:include`).Each(func(_ int, include *goquery.Selection) {
				src, _ := include.Attr("src")
				if _, ok := include.Attr("primary"); ok {
					primary = src
				} else {
					others = append(others, src)
				}
			})
			if primary != test.primary {
				t.Errorf("primary include = %q; want %q", primary, test.primary)
			}
			if diff := cmp.Diff(test.others, others); diff != "" {
				t.Errorf("includes (-want +got):\n%s", diff)
			}
			if w.Code != 200 || w.Header().Get("Surrogate-Control") != `content="ESI/1.0"` || w.Header().Get("ETag") == "" {
				t.Errorf("answer = %d %v; want a template with an ETag", w.Code, w.Header())
			}
		})
	}
}

func TestTemplatesAreWholeWithoutTheirIncludes(t *testing.T) {
	for _, path := range append(shell.Paths(), "/", "/products", "/new", "/products/42", "/cart", "/orders/A", "/not-found", "/error") {
		t.Run(path, func(t *testing.T) {
			_, doc := get(t, path)
			doc.Find(`body esi\:include`).Each(func(_ int, include *goquery.Selection) {
				if include.Children().Length() == 0 && include.AttrOr("onerror", "") != "continue" {
					src, _ := include.Attr("src")
					t.Errorf("the include %q has no fallback", src)
				}
			})
			doc.Find(`esi\:when, template`).Remove() // the other branches
			for selector, want := range map[string]int{
				"h1": 1, "main#main": 1, "header": 1, "footer": 1, "header nav[aria-label]": 1, "footer nav[aria-label] a": 6, "title": 1, "form[role=search] label": 1,
				"a.skip-link[href='#main']": 1, "html[lang]": 1, "meta[name=viewport]": 1, "script:not([src]), style, [style]": 0, "script[src][defer]:not([src*='/list.']), script[src][type=module]": 2, "#live:empty[hx-swap=none]": 1,
				"#notice[role=alert]:empty": 1, "#announcement[role=status]:empty": 1, "#added[role=status] .note": 0, "#live-status[hidden] [role=status]": 1, "#live-failure": 0,
			} {
				if got := doc.Find(selector).Length(); got != want {
					t.Errorf("%d of %s; want %d", got, selector, want)
				}
			}
		})
	}
}

func TestTheHeadIsOfTheFragmentThatKnowsIt(t *testing.T) {
	tests := []struct{ path, src, fallback string }{
		{"/", "/fragments/productlist/home/head", "Selvedge: well-made goods for every day"},
		{"/products", "/fragments/productlist/head?$(QUERY_STRING)", "All goods · Selvedge"},
		{"/new", "/fragments/productlist/head?sort=newest&$(QUERY_STRING)", "New in · Selvedge"},
		{"/products/42", "/fragments/productdetails/products/42/head", "Product · Selvedge"},
	}
	for _, test := range tests {
		_, doc := get(t, test.path)
		include := doc.Find(`esi\:include[maxwait="200"]`).First()
		if got := include.AttrOr("src", ""); got != test.src || include.Find("title").Text() != test.fallback {
			t.Errorf("the head of %s is %q, else %q; want %q, else %q", test.path, got, include.Find("title").Text(), test.src, test.fallback)
		}
	}
}

func TestAnIDStaysInsideItsInclude(t *testing.T) {
	tests := []struct{ name, id, want string }{
		{"a quote", "%22%3E%3Cscript%3E", "%22%3E%3Cscript%3E"},
		{"an apostrophe", "'x", "%27x"},
		{"a slash", "a%2Fb", "a%2Fb"},
		{"a query", "1%3Fa=b", "1%3Fa=b"},
		{"a fragment", "1%23a", "1%23a"},
		{"an ESI variable", "$(HTTP_COOKIE)", "$%28HTTP_COOKIE%29"},
		{"a line break", "1%0a2", "1%0A2"},
		{"letters of another script", "%C3%A4", "%C3%A4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for page, want := range map[string]string{
				"/products/": "/fragments/productdetails/products/" + test.want,
				"/orders/":   "/fragments/cart/orders/" + test.want + "?$(QUERY_STRING)",
			} {
				_, doc := get(t, page+test.id)
				got, _ := doc.Find(`main esi\:include[primary]`).Attr("src")
				if got != want {
					t.Errorf("src of %s%s = %q; want %q", page, test.id, got, want)
				}
			}
		})
	}
}

func TestNoPageForWhatIsNotAPage(t *testing.T) {
	for _, path := range []string{"/nowhere", "/products/", "/products/1/2", "/products/../x", "/products/%2e%2e"} {
		if w, _ := get(t, path); w.Code != 404 {
			t.Errorf("GET %s = %d; want 404", path, w.Code)
		}
	}
}

func TestProductTemplateGolden(t *testing.T) {
	f, err := shell.New(shell.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fragmentstest.Golden(t, f, "/products/42")
}

func TestScriptsOfTheOperatorReplaceOurClient(t *testing.T) {
	f, err := shell.New(shell.Options{Scripts: []string{"/static/htmx.js", "/static/ws.js"}, Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/cart", nil))
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := doc.Find("script").Map(func(_ int, script *goquery.Selection) string { return script.AttrOr("src", "") })
	if diff := cmp.Diff([]string{static.URL("htmx-guard.js"), static.URL("shop.js"), "/static/htmx.js", "/static/ws.js"}, got); diff != "" {
		t.Errorf("scripts (-want +got):\n%s", diff)
	}
	if doc.Find("script[defer], script[type=module]").Length() != 2 || doc.Find("select#live-failure option").Length() != 4 {
		t.Error("not our scripts alone are deferred, or the switch of development is not there")
	}
}
