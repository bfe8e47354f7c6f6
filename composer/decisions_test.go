package composer_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"selvedge/composer"
)

// decisions are what a page comes to where composers differ.
var decisions = []struct{ name, template, want string }{
	{"an include that fails and has nothing in its place", `<esi:include src="/error"/>`, "502 Bad Gateway\n"},
	{"one that answers 404", `<esi:include src="/gone"/>`, "502 Bad Gateway\n"},
	{"one that loses its connection", `<esi:include src="/lost"/>`, "502 Bad Gateway\n"},
	{"one that is denied", `<esi:include src="http://denied.example/"/>`, "502 Bad Gateway\n"},
	{"one without an address", `<esi:include/>`, "200 "},
	{"one that is late", `<esi:include src="/late" maxwait="20"/>`, "504 Gateway Timeout\n"},
	{"201 is a success", `<esi:include src="/created"/>`, "200 created"},
	{"204 is a success", `<esi:include src="/nothing"/>.`, "200 ."},
	{"a redirect is a failure", `<esi:include src="/moved"/>`, "502 Bad Gateway\n"},
	{"a fragment is read as ESI if it opts in", `<esi:include src="/nested"/>`, "200 [part]"},
	{"and otherwise is not", `<esi:include src="/raw"/>`, `200 <esi:include src="/part"/>`},
	{"comments are opaque", `<!-- <esi:include src="/error"/> -->`, `200 <!-- <esi:include src="/error"/> -->`},
	{"so is CDATA", `<![CDATA[<esi:include src="/error"/>]]>`, `200 <![CDATA[<esi:include src="/error"/>]]>`},
	{"scripts and styles are not", `<script>"<esi:include src="/part"/>"</script><style><esi:include src="/part"/></style>`, `200 <script>"part"</script><style>part</style>`},
	{"an element that is unknown is taken out", `a<esi:unknown x="y">b</esi:unknown>c<esi:other/>`, "200 abc"},
	{"text has no variables", `$(QUERY_STRING)`, "200 $(QUERY_STRING)"},
	{"branches have", `<esi:choose><esi:when test="1==1">$(QUERY_STRING)</esi:when></esi:choose><esi:try><esi:attempt>$(QUERY_STRING)</esi:attempt></esi:try>`, "200 qq"},
	{"a language that is not in the list", `<esi:vars>$(HTTP_ACCEPT_LANGUAGE{xx})</esi:vars>`, "200 false"},
	{"fragments in fragments, five deep", `<esi:include src="/itself"/>`, "200 .....end"},
	{"256 includes", strings.Repeat(`<esi:include src="/part" onerror="continue"/>`, 256), "200 " + strings.Repeat("part", 256)},
}

// TestWhereComposersDiffer holds what ours does.
func TestWhereComposersDiffer(t *testing.T) {
	for _, test := range decisions {
		t.Run(test.name, func(t *testing.T) {
			o := before(t, composer.Options{}, parts())
			o.documents["/page"] = template(test.template)
			a := o.proxy.ask(t, "GET /page?q")
			if got := fmt.Sprint(a.status, " ", a.body); got != test.want || a.err != nil {
				t.Errorf("%.200s makes the page %.200q, %v; want %.200q", test.template, got, a.err, test.want)
			}
		})
	}
}

// TestThe257thIncludeFails holds for one of them, whichever that is.
func TestThe257thIncludeFails(t *testing.T) {
	o := before(t, patient, parts())
	o.documents["/page"] = template(strings.Repeat(`<esi:include src="/part">end</esi:include>`, 257))
	body := o.proxy.get(t, "/page").body
	if parts, ends := strings.Count(body, "part"), strings.Count(body, "end"); parts != 256 || ends != 1 {
		t.Errorf("the page has %d parts and %d fallbacks; want 256 and 1", parts, ends)
	}
}

// TestAnUnknownElementIsWarnedAbout names line and column.
func TestAnUnknownElementIsWarnedAbout(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": template("a\n <esi:unknown/>")})
	want := []string{"2:2: esi:unknown is unknown and was taken out; remove it"}
	if got := o.proxy.ask(t, "GET /").header.Values("Selvedge-Warning"); !slices.Equal(got, want) {
		t.Errorf("Selvedge-Warning = %q; want %q", got, want)
	}
}

// TestCommentsOfESIInEachOtherEnd holds that they do not hang; what they come
// to is for nobody to rely on.
func TestCommentsOfESIInEachOtherEnd(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": template(strings.Repeat("<!--esi a", 1000) + strings.Repeat("-->", 1000) + "end")})
	if a := o.proxy.ask(t, "GET /"); a.status != http.StatusOK || !strings.HasSuffix(a.body, "end") {
		t.Errorf("the page is %d and ends with %.20q", a.status, a.body[max(0, len(a.body)-20):])
	}
}

// TestAFailureAfterTheFirstByteCutsThePage waits until the beginning of the page
// has reached the visitor.
func TestAFailureAfterTheFirstByteCutsThePage(t *testing.T) {
	seen := make(chan struct{})
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/": template(`beginning<esi:include src="/part"/>end`),
		"/part": func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-seen:
			case <-r.Context().Done():
			}
			status(500, "secret")(w, r)
		},
	})
	res, err := o.proxy.server.Client().Do(o.proxy.request(t, http.MethodGet, "/", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	first := make([]byte, len("beginning"))
	if _, err := io.ReadFull(res.Body, first); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the page begins with %d %q, %v", res.StatusCode, first, err)
	}
	close(seen)
	if rest, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) || len(rest) > 0 {
		t.Errorf("the page goes on with %q, %v; want that it is cut", rest, err)
	}
}

// TestACircleThroughIncludesEnds lets a page include itself through the proxy,
// under another name each time, so that no limit of one page counts.
func TestACircleThroughIncludesEnds(t *testing.T) {
	o := before(t, composer.Options{AllowHosts: []string{"localhost", "127.0.0.1"}, CacheSize: -1}, nil)
	names := []string{"127.0.0.1:" + o.port(), "localhost:" + o.port()}
	o.documents = map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		other := names[0]
		if r.Host == other {
			other = names[1]
		}
		template(`.<esi:include src="http://`+other+`/">end</esi:include>`)(w, r)
	}}
	if a := o.proxy.ask(t, "GET /"); a.body != ".........end" {
		t.Errorf("the page is %d %q after %d requests; want nine dots and an end", a.status, a.body, len(o.requests("/")))
	}
}
