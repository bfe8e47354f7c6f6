package fragments_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"selvedge/fragments"
)

// headOf returns the head that a fragment writes for a request with these fields.
func headOf(t *testing.T, h fragments.Head, fields ...string) *goquery.Document {
	t.Helper()
	f := answering(t, func(w http.ResponseWriter, r *http.Request) error {
		return fragments.WriteHead(w, r, h, fragments.Shared("it"))
	})
	r := httptest.NewRequestWithContext(t.Context(), "GET", "http://alone.example/it", nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	doc, err := goquery.NewDocumentFromReader(serve(f, r).Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestHeadSaysWhatAPageIs(t *testing.T) {
	doc := headOf(t, fragments.Head{
		Title: `Mug & <Saucer>`, Description: `A "mug".`, Site: "Shop", Path: "/products/1?a=1&b=2", Kind: "product",
		Picture: "/mug.svg", Hidden: true, Data: map[string]string{"name": "</script><b>"},
	}, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example")
	tests := []struct{ selector, attribute, want string }{
		{"meta[name=description]", "content", `A "mug".`},
		{"meta[name=robots]", "content", "noindex"},
		{"link[rel=canonical]", "href", "https://shop.example/products/1?a=1&b=2"},
		{"meta[property='og:title']", "content", `Mug & <Saucer>`},
		{"meta[property='og:description']", "content", `A "mug".`},
		{"meta[property='og:type']", "content", "product"},
		{"meta[property='og:site_name']", "content", "Shop"},
		{"meta[property='og:url']", "content", "https://shop.example/products/1?a=1&b=2"},
		{"meta[property='og:image']", "content", "https://shop.example/mug.svg"},
	}
	for _, test := range tests {
		if got := doc.Find(test.selector).AttrOr(test.attribute, ""); got != test.want {
			t.Errorf("%s says %q; want %q", test.selector, got, test.want)
		}
	}
	if got := doc.Find("title").Text(); got != `Mug & <Saucer>` {
		t.Errorf("title %q", got)
	}
	if got := doc.Find("script[type='application/ld+json']").Text(); !strings.Contains(got, `\u003c/script\u003e`) || doc.Find("b").Length() != 0 {
		t.Errorf("linked data %q can end its element", got)
	}
}

func TestHeadLeavesOutWhatIsNotKnown(t *testing.T) {
	doc := headOf(t, fragments.Head{Title: "Plain", Site: "Shop"})
	if got, _ := doc.Find("head").Html(); strings.Contains(got, `=""`) || strings.Contains(got, "alone.example") {
		t.Errorf("the head says what it does not know:\n%s", got)
	}
	if got := doc.Find("title, meta, link, script").Length(); got != 4 {
		t.Errorf("%d elements; want title, og:title, og:type and og:site_name", got)
	}
}

func TestOriginIsTheVisitors(t *testing.T) {
	doc := headOf(t, fragments.Head{Title: "Alone", Path: "/it"})
	if got := doc.Find("link[rel=canonical]").AttrOr("href", ""); got != "http://alone.example/it" {
		t.Errorf("canonical address of a fragment alone = %q; want that of its own host", got)
	}
}
