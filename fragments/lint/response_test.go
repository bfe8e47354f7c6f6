package lint_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/fragments/lint"
)

// fields returns a header from lines.
func fields(lines ...string) http.Header {
	h := make(http.Header)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

const (
	isHTML   = "Content-Type: text/html; charset=utf-8"
	isJSON   = "Content-Type: application/json"
	isGroup  = `Cache-Groups: "notes"`
	isESI    = `Surrogate-Control: content="ESI/1.0"`
	hasPlace = `<p id="a">x</p>`
)

// wantFindings compares findings with lines of the form RULE LINE:COLUMN: message; advice.
func wantFindings(t *testing.T, of string, got []lint.Finding, want []string) {
	t.Helper()
	var lines []string
	for _, f := range got {
		lines = append(lines, f.Rule+" "+strings.TrimPrefix(strings.TrimPrefix(f.String(), f.URL+":"), " "))
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("findings of %q (-want +got):\n%s", of, diff)
	}
}

func TestResponse(t *testing.T) {
	tests := []struct {
		name   string
		header []string
		body   string
		want   []string
	}{
		{"a live fragment", []string{isHTML, isGroup}, "\n<section id=notes><ul><li>a<li>b</ul></section>\n", nil},
		{"a fragment that is not live", []string{isHTML}, "<li>a</li><li>b</li>", nil},
		{"a text with groups", []string{isHTML, isGroup}, "Two &amp; three", nil},
		{"a part of the head with groups", []string{isHTML, isGroup}, `<title>a</title><meta name="description" content="b">`, nil},
		{"a page with groups", []string{isHTML, isGroup, isESI}, `<!doctype html><html lang="en"><head><title>a</title><body><esi:include src="/fragments/a/b"/></html>`, nil},
		{"nothing", []string{isHTML, isGroup}, "", nil},

		{"no type", nil, hasPlace, []string{"type the response has no Content-Type; send Content-Type: text/html; charset=utf-8"}},
		{"a malformed type", []string{"Content-Type: text/html;;"}, hasPlace,
			[]string{`type the Content-Type "text/html;;" is malformed; send Content-Type: text/html; charset=utf-8`}},
		{"JSON in place of HTML", []string{isJSON}, `{"a":"<p>"}`,
			[]string{"type 1:1: the response is JSON, and a page includes HTML; send HTML to a request with Accept: text/html, or serve JSON below /api/"}},
		{"problem JSON", []string{"Content-Type: application/problem+json"}, `{}`,
			[]string{"type 1:1: the response is JSON, and a page includes HTML; send HTML to a request with Accept: text/html, or serve JSON below /api/"}},
		{"HTML as text", []string{"Content-Type: text/plain"}, hasPlace,
			[]string{"type the response is HTML with the Content-Type text/plain; send Content-Type: text/html; charset=utf-8"}},
		{"a feed", []string{"Content-Type: application/xml"}, "<a><b></a>", nil},

		{"groups without an id", []string{isHTML, isGroup}, "<!-- a -->\n <ul><li>x</ul>",
			[]string{"id 2:2: the response has groups, and its first element has no id, so open pages are not sent its changes; put one element with an id around all"}},
		{"two elements with groups", []string{isHTML, isGroup}, hasPlace + "\n<p>y</p>",
			[]string{"live-element 2:1: fragment has more than one root element, or text beside it, so open pages cannot be sent its changes; put one element with an id around all"}},
		{"an element that is not closed", []string{isHTML, isGroup}, `<div id="a"><p>x</p>`,
			[]string{"live-element 1:1: root element of the fragment is not closed, so open pages cannot be sent its changes; add the end tag"}},
		{"a row", []string{isHTML, isGroup}, `<tr id="a"><td>x</td></tr>`,
			[]string{"live-element 1:1: root element tr cannot stand beside others, so open pages cannot be sent its changes; put a whole table or list around it, with the id"}},
		{"groups that are not quoted", []string{isHTML, "Cache-Groups: notes, list"}, hasPlace,
			[]string{`groups Cache-Groups: notes, list is no list of strings in quotes, so it has no effect; quote each group, as in Cache-Groups: "product:42", "cart:7"`}},
		{"an invalidation that is not quoted", []string{isHTML, "Cache-Group-Invalidation: notes"}, "",
			[]string{`groups Cache-Group-Invalidation: notes is no list of strings in quotes, so it has no effect; quote each group, as in Cache-Group-Invalidation: "product:42", "cart:7"`}},

		{"a revision with its epoch", []string{isHTML, isGroup}, `<p id="a" data-revision="7" data-epoch="b">x</p>`, nil},
		{"a revision that is no number", []string{isHTML, isGroup}, `<p id="a" data-revision="v7">x</p>`,
			[]string{`revision 1:1: data-revision="v7" is no whole number, so it has no effect; write a number that grows with each change of the data`}},
		{"an epoch without a revision", []string{isHTML}, `<p id="a" data-epoch="7">x</p>`,
			[]string{"revision 1:1: data-epoch has no effect without data-revision; add data-revision, or remove data-epoch"}},

		{"ESI without the opt-in", []string{isHTML}, "<p>\n <esi:include src=\"/fragments/a/b\"/>",
			[]string{`opt-in 2:2: <esi:include> reaches the visitor as text, because the response does not opt in to ESI; send Surrogate-Control: content="ESI/1.0"`}},
		{"a misspelled attribute", []string{isHTML, isESI}, `<esi:include scr="/fragments/a/b" src="/fragments/c/d"/>`,
			[]string{`esi 1:14: scr is no attribute of include; did you mean "src"?`}},
		{"a misspelled variable", []string{isHTML, isESI}, "<esi:vars>\n$(SELVEDGE_STYLE)</esi:vars>",
			[]string{`esi 2:1: the variable SELVEDGE_STYLE is unknown, so it has no value; did you mean "SELVEDGE_STYLES"?`}},
		{"a misspelled element", []string{isHTML, isESI}, `<esi:inculde src="/fragments/a/b"/>`,
			[]string{`esi 1:1: esi:inculde is unknown and was taken out; did you mean "esi:include"?`}},
		{"an unclosed element", []string{isHTML, isESI}, `<p><esi:vars>$(HTTP_HOST)</p>`, []string{"esi 1:4: vars is not closed; add </esi:vars>"}},

		{"a style element", []string{isHTML}, "<style>p{}</style>",
			[]string{"style 1:1: <style> is forbidden by the policy of sites by default; move it into a stylesheet, and announce that with Link: <…>; rel=stylesheet"}},
		{"a style attribute", []string{isHTML}, `<p style="color:red">x</p>`,
			[]string{"style 1:4: the attribute style is forbidden by the policy of sites by default; give it a class, and the class the style in a stylesheet"}},
		{"a script in the page", []string{isHTML}, "<script>alert(1)</script>",
			[]string{"script 1:1: a script in the page is forbidden by the policy of sites by default; move it into a file, and load that with src"}},
		{"a handler of events", []string{isHTML}, `<p onClick="a()">x</p>`,
			[]string{"script 1:4: the attribute onclick is forbidden by the policy of sites by default; listen to the event in a script file"}},
		{"data and files", []string{isHTML}, `<script type="application/ld+json">{"a":"<p>"}</script><script type="module" src="/fragments/a/b.js"></script>`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantFindings(t, test.body, lint.Response("/fragments/notes/notes", fields(test.header...), []byte(test.body)), test.want)
		})
	}
}

func TestResponsesOfAnAPIAreJSON(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1/api/notes", "/fragments/notes/api/notes"} {
		wantFindings(t, address, lint.Response(address, fields(isJSON, isGroup), []byte("{}")), nil)
	}
	if got := lint.Response("/fragments/api/notes", fields(isJSON), []byte("{}")); len(got) != 1 {
		t.Errorf("JSON of a fragment with the name api has the findings %v; want one", got)
	}
}

func TestFile(t *testing.T) {
	page := "<!DOCTYPE html>\n<title>a</title>\n<esi:include src=\"/fragments/a/b\" maxwiat=\"3\"/>\n<div>"
	got := lint.File("pages/a.html", []byte(page))
	wantFindings(t, page, got, []string{
		`esi 3:35: maxwiat is no attribute of include; did you mean "maxwait"?`,
		"html 4:1: <div> is not closed; add </div>",
	})
	if !strings.HasPrefix(got[0].String(), "pages/a.html:3:35: maxwiat ") {
		t.Errorf("the finding is %q; want it with its file", got[0])
	}
}

func TestMarkup(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string
	}{
		{"tags that may be omitted", "<table><caption>a<tbody><tr><td>b<td>c<tr><th>d<tbody><tr><td>e</table><dl><dt>f<dd>g</dl><p>h<div>i</div><select><option>j<option>k</select>", nil},
		{"elements without content", `<img src=a alt=""><br><input name=b/><hr/>`, nil},
		{"a drawing", `<svg viewBox="0 0 1 1"><path d="M0 0"/><g><circle/></g></svg>`, nil},
		{"tags in a script, a text field and a comment", `<script src="/a.js"></div></script><textarea><p></textarea><!-- <b> -->`, nil},
		{"an address that ends with a slash", `<a href=/>x</a><a href=/b/>y</a>`, nil},

		{"an element that is not closed", "a\n <div><p>b</p>", []string{"html 2:2: <div> is not closed; add </div>"}},
		{"an element closed by the one around it", "<ul>\n<li><a href=b>c</li></ul>", []string{"html 2:5: <a> is not closed before </li>; close it before </li> at 2:16"}},
		{"elements that overlap", "<b>a<i>b</b>c</i>", []string{"html 1:5: <i> is not closed before </b>; close it before </b> at 1:9"}},
		{"an end tag too many", "<div>a</div>\n</div>", []string{"html 2:1: </div> closes no element; remove it, or add the start tag"}},
		{"an end of nothing", "a</br>b", []string{"html 1:2: </br> closes no element; remove it, or add the start tag"}},
		{"a paragraph ended by a list", "<p>a<ul><li>b</ul></p>", []string{"html 1:19: </p> closes no element; remove it, or add the start tag"}},
		{"a slash that closes nothing", "<div/>a", []string{"html 1:1: the slash does not close <div/> in HTML; write <div></div>"}},
		{"an attribute twice", `<p class="a" Class=b>x</p>`, []string{"html 1:14: the attribute class stands twice in <p>; remove one of them"}},
		{"an id twice", "<p id=a>x</p>\n<p id=a>y</p>", []string{`html 2:1: two elements have the id "a"; give each element an id of its own`}},
		{"a tag without end before a tag", "<ul><li <b>x</b></li></ul>", []string{
			"html 1:5: the tag <li has no end before the next tag; end it with >", "html 1:13: </b> closes no element; remove it, or add the start tag"}},
		{"a quote too many", `<p class="a"">x</p>`, []string{"html 1:13: a quote stands in the name of an attribute of <p>; put each value in one pair of quotes"}},
		{"a quote too few", `<p>x</p><p class="a>x</p>`, []string{"html 1:9: a tag is not closed; end it with >, and its values with their quotes"}},
		{"a tag at the end", "<p>x</p", []string{"html 1:5: a tag is not closed; end it with >, and its values with their quotes"}},
		{"a comment without end", "<p>x</p><!-- a <p>", []string{"html 1:9: a comment is not closed; add -->"}},
		{"signs that begin no tag", "<p>1 < 2 <!-- a --> &lt; 3 <4</p>", nil},
		{"a script without end", "<script src=a>", []string{"html 1:1: <script> is not closed; add </script>"}},

		{"branches with tags of their own", `<esi:choose><esi:when test="1"><div class="a"></esi:when><esi:otherwise><div class="b"></esi:otherwise></esi:choose>x</div>`, nil},
		{"an id in each branch", `<esi:choose><esi:when test="1"><p id="a">x</p></esi:when><esi:otherwise><p id="a">y</p></esi:otherwise></esi:choose>`, nil},
		{"an id that an include replaces", `<p id="a">x</p><esi:include src="/fragments/a/b"><p id="a">y</p></esi:include>`, nil},
		{"an id after an include without content", `<esi:include src="/fragments/a/b"/><p id="a">x</p><p id="a">y</p>`,
			[]string{`html 1:51: two elements have the id "a"; give each element an id of its own`}},
		{"ids made of a variable", `<esi:vars><p id="a$(QUERY_STRING{b})">x</p><p id="a$(QUERY_STRING{b})">y</p></esi:vars>`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantFindings(t, test.body, lint.File("a.html", []byte(test.body)), test.want)
		})
	}
}

// A hostile body takes time linear in its length, and has a bounded number of findings.
func TestAHostileBodyIsBounded(t *testing.T) {
	for _, piece := range []string{"<b>", "</b>", "<b a a>", "<b><i></b>", "<p id=a>", "<esi:choose>", "<!--", "<a b='", "<svg/>", "<", "<script>"} {
		body := []byte(strings.Repeat(piece, 20_000))
		if n := len(lint.File("a.html", body)); n > 50 {
			t.Errorf("%d times %q has %d findings; want 50 at most", 20_000, piece, n)
		}
	}
}

func FuzzResponse(f *testing.F) {
	for _, seed := range []string{
		hasPlace, "<b>a<i>b</b>c</i>", `<p a="b" a=c/>`, "<!-- a", "<ul><li>a<li>b</ul>", "<esi:choose><esi:when test=\"1\"><p>", "<svg><a/></svg>", "<a b='",
		"<script>", "<p\x00 \xff>", "<!doctype html><p id=a id=b>",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, isTemplate bool) {
		header := fields(isHTML, isGroup)
		if isTemplate {
			header = fields(isHTML, isESI)
		}
		before := string(body)
		for _, finding := range lint.Response("/a", header, body) {
			if finding.Rule == "" || finding.Message == "" || finding.Advice == "" || finding.Line < 0 || finding.Line > strings.Count(before, "\n")+1 || finding.Column > len(body)+1 {
				t.Errorf("the finding %+v of %q is not whole, or lies outside", finding, body)
			}
		}
		if string(body) != before {
			t.Errorf("the body %q was changed", before)
		}
	})
}
