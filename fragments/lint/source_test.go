package lint_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"selvedge/fragments/lint"
)

// service is a server with a fragment at /notes. The zero value has no mistake.
type service struct {
	manifest string            // empty: one that names /notes
	header   map[string]string // further fields of the fragment; an empty value removes a field
	body     func(r *http.Request) string
	serve    func(w http.ResponseWriter, r *http.Request) bool // before the fragment; true: it has responded
}

const goodManifest = `{"name": "notes", "version": "1.0.0", "paths": [{"pattern": "GET /notes"}, {"pattern": "POST /notes"}]}`

func (s service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.serve != nil && s.serve(w, r) {
		return
	}
	switch r.URL.Path {
	case "/manifest.json":
		_, _ = fmt.Fprint(w, cmp.Or(s.manifest, goodManifest))
	case "/notes":
		s.serveNotes(w, r)
	case "/assets/notes.css":
		w.Header().Set("Content-Type", "text/css")
	default:
		http.NotFound(w, r)
	}
}

func (s service) serveNotes(w http.ResponseWriter, r *http.Request) {
	body := hasPlace
	if s.body != nil {
		body = s.body(r)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html")
	h.Set("Cache-Groups", `"notes"`)
	h.Set("Cache-Control", "max-age=0, s-maxage=60")
	h.Set("Link", "</fragments/notes/assets/notes.css>; rel=stylesheet, </static/site.css>; rel=preload; as=style")
	h.Set("ETag", strconv.Quote(fmt.Sprintf("%x", body)))
	for name, value := range s.header {
		h.Set(name, value)
		if value == "" {
			h.Del(name)
		}
	}
	if tag := r.Header.Get("If-None-Match"); tag != "" && tag == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = fmt.Fprint(w, body)
}

// visitor returns the session of a request.
func visitor(r *http.Request) string {
	c, err := r.Cookie("selvedge-session")
	if err != nil {
		return ""
	}
	return c.Value
}

// on responds to the requests of a path, or of a method, by a function.
func on(what string, respond http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != what && r.Method != what {
			return false
		}
		respond(w, r)
		return true
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestSource(t *testing.T) {
	var count atomic.Int64
	own := map[string]string{"Cache-Control": "private, no-cache", "Vary": "Cookie"}
	named := func(r *http.Request) string { return `<p id="a">` + visitor(r) + "</p>" }
	tests := []struct {
		name    string
		service service
		want    []string // with URL for the address of the server
	}{
		{"no mistake", service{}, nil},
		{"a fragment for one visitor", service{header: own, body: named}, nil},
		{"a fragment that changes with time", service{body: func(*http.Request) string { return fmt.Sprintf(`<p id="a">%d</p>`, count.Add(1)) }}, nil},
		{"a manifest at the other address", service{serve: func(w http.ResponseWriter, r *http.Request) bool {
			switch r.URL.Path {
			case "/-/manifest":
				_, _ = fmt.Fprint(w, goodManifest)
			case "/manifest.json":
				http.NotFound(w, r)
			default:
				return false
			}
			return true
		}}, nil},

		{"no manifest", service{serve: on("/manifest.json", http.NotFound)},
			[]string{"URL: there is no manifest at /-/manifest or /manifest.json, so no path but / is known; serve one at /manifest.json with the paths of the fragment, or give lint the address of a path"}},
		{"a manifest that is no JSON", service{manifest: "{\n  \"name\": \"a\",\n}"},
			[]string{"URL/manifest.json:3:1: the manifest is no JSON: invalid character '}' looking for beginning of object key string; correct the JSON"}},
		{"a manifest that ends early", service{manifest: `{"name"`},
			[]string{"URL/manifest.json:1:7: the manifest is no JSON: unexpected end of JSON input; correct the JSON"}},
		{"a manifest without a name", service{manifest: ` {"version": "1.0.0"}`},
			[]string{"URL/manifest.json:1:2: the manifest: missing property 'name'; see the schema, which a site serves at /-/manifest.schema.json"}},
		{"a name with capital letters", service{manifest: "{\"version\": \"1.0.0\",\n \"name\": \"Notes\"}"},
			[]string{"URL/manifest.json:2:10: name: 'Notes' does not match pattern '^[a-z0-9][a-z0-9-]{0,63}$'; see the schema, which a site serves at /-/manifest.schema.json"}},
		{"a pattern that is none", service{manifest: `{"name": "a", "paths": [{"pattern": "GET /{a"}]}`},
			[]string{`URL/manifest.json:1:37: the pattern "GET /{a": parsing "GET /{a": at offset 5: bad wildcard segment (must end with '}'); write a method and a path, as in GET /products/{id}`}},
		{"a path without a sample", service{manifest: `{"name": "a", "paths": [{"pattern": "GET /a/{b}"}]}`},
			[]string{`URL/manifest.json:1:37: the path "GET /a/{b}" has no sample, so it was not requested; add one with data, as in "sample": "/products/1"`}},
		{"a sample of another path", service{manifest: `{"name": "a", "paths": [{"pattern": "GET /a/{b}", "sample": "/notes"}]}`},
			[]string{`URL/manifest.json:1:61: the sample "/notes" does not fit "GET /a/{b}"; write a path that the pattern matches`}},

		{"a sample without content", service{serve: on("/notes", status(404))}, []string{"URL/notes: the response has the status 404 Not Found; name a path that is answered with 200"}},
		{"a redirect", service{serve: on("/notes", http.RedirectHandler("/new", http.StatusFound).ServeHTTP)},
			[]string{`URL/notes: the response is a redirect (302) to /new; answer with the content, or let the include say redirect="follow"`}},
		{"too much", service{body: func(*http.Request) string { return strings.Repeat("x", 1<<20+1) }, header: map[string]string{"ETag": ""}},
			[]string{"URL/notes: the response is longer than 1048576 bytes, which no page includes; split it into several fragments"}},
		{"a mistake in the HTML", service{body: func(*http.Request) string { return "<p id=a>\n<b>x</p>" }}, []string{"URL/notes:2:1: <b> is not closed before </p>; close it before </p> at 2:5"}},
		{"an invalidation by a GET", service{header: map[string]string{"Cache-Group-Invalidation": `"a"`}},
			[]string{"URL/notes: Cache-Group-Invalidation in the response to a GET has no effect; send it in responses to POST, PUT, PATCH and DELETE"}},

		{"a shared response that is rendered for each visitor", service{header: own},
			[]string{"URL/notes: 10 visitors, 10 renderings, and the answers were equal; if the response never depends on the visitor, send Cache-Control: max-age=0, s-maxage=60 without Vary: Cookie"}},
		{"the content of a visitor that is stored for all", service{body: named},
			[]string{"URL/notes: the answers to 10 visitors differ, and one of them is stored for all; send Cache-Control: private and Vary: Cookie, so that no visitor is shown the content of another"}},
		{"a text that no visitor has yet", service{header: own, body: func(*http.Request) string { return "" }}, nil},

		{"no validator", service{header: map[string]string{"ETag": ""}}, []string{"URL/notes: the response has no validator, so it is transferred again each time; send an ETag made from the body"}},
		{"nothing to validate", service{header: map[string]string{"ETag": "", "Cache-Control": "no-store"}, body: named}, nil},
		{"an ETag without quotes", service{header: map[string]string{"ETag": "a1"}}, []string{`URL/notes: the ETag a1 is malformed; quote it, as in ETag: "a1"`}},
		{"an ETag of its own for each response", service{serve: func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/notes" {
				service{header: map[string]string{"ETag": fmt.Sprintf(`"%d"`, count.Add(1))}}.serveNotes(w, r)
			}
			return r.URL.Path == "/notes"
		}}, []string{"URL/notes: the ETag changes while the body stays; make it from the body"}},
		{"no 304", service{serve: func(_ http.ResponseWriter, r *http.Request) bool { r.Header.Del("If-None-Match"); return false }},
			[]string{"URL/notes: a request with If-None-Match is answered with 200 instead of 304; answer with 304 and no body, if the validator is that of the response"}},
		{"a 304 without its fields", service{serve: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("If-None-Match") == "" {
				return false
			}
			w.WriteHeader(304)
			return true
		}}, []string{"URL/notes: the 304 lacks ETag, Cache-Control; send in 304 the fields of 200 (RFC 9110 §15.4.5)"}},

		{"no HEAD", service{serve: on("HEAD", status(405))}, []string{"URL/notes: HEAD is answered with 405, and GET with 200; answer HEAD as GET, without the body"}},
		{"a HEAD with other fields", service{serve: on("HEAD", func(w http.ResponseWriter, r *http.Request) {
			service{header: map[string]string{"Cache-Groups": "", "ETag": `"a"`}}.serveNotes(w, r)
		})}, []string{"URL/notes: the response to HEAD has another Cache-Groups, ETag than that to GET; answer HEAD as GET, without the body"}},

		{"a stylesheet that is not there", service{serve: on("/assets/notes.css", http.NotFound)},
			[]string{"URL/notes: the stylesheet /fragments/notes/assets/notes.css is requested as /assets/notes.css and answered with 404; serve the file at this path, or correct the Link field"}},
		{"a stylesheet of another type", service{serve: on("/assets/notes.css", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "p{}") })},
			[]string{`URL/notes: the stylesheet /fragments/notes/assets/notes.css has the Content-Type "text/plain", so browsers ignore it; send Content-Type: text/css`}},
		{"a stylesheet of another server", service{header: map[string]string{"Link": "<https://cdn.example/a.css>; rel=stylesheet"}},
			[]string{"URL/notes: Link: <https://cdn.example/a.css>; rel=stylesheet announces no stylesheet of the site; write Link: </fragments/NAME/FILE.css>; rel=stylesheet, with a path of the site"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.service)
			defer server.Close()
			findings, err := lint.Source(t.Context(), server.URL, lint.Options{Client: server.Client()})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range findings {
				got = append(got, strings.Replace(f.String(), server.URL, "URL", 1))
			}
			if want, got := strings.Join(test.want, "\n"), strings.Join(got, "\n"); got != want {
				t.Errorf("the findings are\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestAnAddressWithAPathIsOneResource(t *testing.T) {
	server := httptest.NewServer(service{
		serve: on("/-/manifest", func(http.ResponseWriter, *http.Request) { t.Error("the manifest was requested") }),
		body:  func(r *http.Request) string { return "<p id=a>" + r.URL.RawQuery + "</p>" },
	})
	defer server.Close()
	findings, err := lint.Source(t.Context(), server.URL+"/notes?page=<b>", lint.Options{Client: server.Client()})
	if err != nil || len(findings) != 1 || findings[0].URL != server.URL+"/notes?page=<b>" || findings[0].Column != 14 {
		t.Errorf("the findings are %v, %v; want one, about the query", findings, err)
	}
}

func TestTheCookieOfTheSessionHasTheNameOfTheSite(t *testing.T) {
	server := httptest.NewServer(service{body: func(r *http.Request) string {
		if c, err := r.Cookie("sid"); err == nil {
			return `<p id="a">` + c.Value + "</p>"
		}
		return hasPlace
	}})
	defer server.Close()
	for cookie, want := range map[string]int{"": 0, "sid": 1} { // one: the content of a visitor is stored for all
		findings, err := lint.Source(t.Context(), server.URL, lint.Options{Client: server.Client(), SessionCookie: cookie})
		if err != nil || len(findings) != want {
			t.Errorf("with the cookie %q the findings are %v, %v; want %d", cookie, findings, err, want)
		}
	}
}

func TestASourceThatCannotBeRead(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, test := range []struct{ name, address, want string }{
		{"nobody listens", closed.URL, closed.URL + " does not answer: "},
		{"no address", "127.0.0.1:7001", `"127.0.0.1:7001" is no address of a server; write it as http://127.0.0.1:7001`},
		{"another scheme", "ftp://127.0.0.1", `"ftp://127.0.0.1" is no address of a server`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := lint.Source(t.Context(), test.address, lint.Options{}); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("the error is %v; want %q", err, test.want)
			}
		})
	}
}
