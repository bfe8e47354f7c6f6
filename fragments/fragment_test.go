package fragments_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"selvedge/fragments"
)

func sayHello(w http.ResponseWriter, r *http.Request) error {
	return fragments.Text(w, r, "hello", fragments.Answer{})
}

// clock is a manifest that New takes, for tests to change.
func clock() fragments.Manifest {
	return fragments.Manifest{
		Name: "clock", Version: "1.2.3", Title: "The time",
		Assets: fstest.MapFS{"clock.css": {Data: []byte("time { color: teal }")}, "hands/red.svg": {Data: []byte("<svg/>")}},
		Styles: []string{"clock.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /now", Title: "Time of day", Sample: "/now", Handle: sayHello},
			{Pattern: "POST /api/alarms", Title: "Set an alarm", Handle: sayHello},
			{Pattern: "DELETE /api/alarms/{id}", Title: "Remove an alarm", Handle: sayHello},
		},
	}
}

func mustNew(t *testing.T, m fragments.Manifest) *fragments.Fragment {
	t.Helper()
	f, err := fragments.New(m)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestNewRefusesWhatItCannotServe(t *testing.T) {
	tests := []struct {
		name   string
		change func(*fragments.Manifest)
		want   string
	}{
		{"no name", func(m *fragments.Manifest) { m.Name = "" }, `name ""`},
		{"a name with a slash", func(m *fragments.Manifest) { m.Name = "a/b" }, `name "a/b"`},
		{"a name in capitals", func(m *fragments.Manifest) { m.Name = "Clock" }, `name "Clock"`},
		{"half a version", func(m *fragments.Manifest) { m.Version = "1.2" }, `version "1.2"`},
		{"a version with v", func(m *fragments.Manifest) { m.Version = "v1.2.3" }, `version "v1.2.3"`},
		{"a pattern without a method", func(m *fragments.Manifest) { m.Routes[0].Pattern = "/now" }, "not a method and a path"},
		{"a pattern with a host", func(m *fragments.Manifest) { m.Routes[0].Pattern = "GET example.com/now" }, "not a method and a path"},
		{"a pattern that does not parse", func(m *fragments.Manifest) { m.Routes[0].Pattern = "GET /{" }, `route "GET /{"`},
		{"one pattern twice", func(m *fragments.Manifest) { m.Routes[1].Pattern = "GET /now" }, "conflicts"},
		{"a style that is not there", func(m *fragments.Manifest) { m.Styles[0] = "cart.css" }, `style "cart.css"`},
		{"a style without assets", func(m *fragments.Manifest) { m.Assets = nil }, `style "clock.css"`},
		{"an asset of an unknown type", func(m *fragments.Manifest) { m.Assets = fstest.MapFS{"a.exe": {}} }, `"a.exe"`},
		{"a route among the assets", func(m *fragments.Manifest) { m.Routes[0].Pattern = "GET /assets/x" }, "those of the assets"},
		{"no handler", func(m *fragments.Manifest) { m.Routes[0].Handle = nil }, "no handler"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := clock()
			test.change(&m)
			_, err := fragments.New(m)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("New(%+v) = %v; want an error with %q", m, err, test.want)
			}
		})
	}
}

func TestFragmentAnswersItsPathsAndMethods(t *testing.T) {
	f := mustNew(t, clock())
	tests := []struct {
		name, method, path string
		status             int
		allow              string
	}{
		{"a path that it has", "GET", "/now", 200, ""},
		{"the same for HEAD", "HEAD", "/now", 200, ""},
		{"a path that it does not have", "GET", "/then", 404, ""},
		{"a method that a path does not take", "PUT", "/now", 405, "GET, HEAD"},
		{"GET where only DELETE is", "GET", "/api/alarms/1", 405, "DELETE"},
		{"an empty segment is no redirect", "GET", "//now", 404, ""},
		{"a dot segment is no redirect", "GET", "/x/../now", 404, ""},
		{"an escaped dot segment", "DELETE", "/api/alarms/%2e%2e", 404, ""},
		{"an escaped slash", "DELETE", "/api/alarms/..%2f", 404, ""},
		{"a slash at the end", "GET", "/now/", 404, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := serve(f, httptest.NewRequestWithContext(t.Context(), test.method, "http://shop.example"+test.path, nil))
			if w.Code != test.status || w.Header().Get("Allow") != test.allow {
				t.Errorf("%s %s = %d, Allow %q; want %d, %q",
					test.method, test.path, w.Code, w.Header().Get("Allow"), test.status, test.allow)
			}
			if got := w.Body.Len(); test.method == "HEAD" && got != 0 {
				t.Errorf("HEAD has a body of %d bytes", got)
			}
		})
	}
}

func TestFormsOverrideTheirMethod(t *testing.T) {
	f := mustNew(t, clock())
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name, contentType, body string
		status                  int
	}{
		{"DELETE", form, "_method=DELETE", 200},
		{"PATCH, which this path does not take", form, "_method=PATCH", 405},
		{"no override", form, "a=1", 405},
		{"a method that forms could spell themselves", form, "_method=GET", 400},
		{"two methods", form, "_method=DELETE&_method=DELETE", 400},
		{"a form that does not parse", form, "%zz", 400},
		{"a form that is too large", form, strings.Repeat("a", fragments.MaxBody+1), 413},
		{"JSON has no override", "application/json", "_method=DELETE", 405},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/alarms/1", strings.NewReader(test.body))
			r.Header.Set("Content-Type", test.contentType)
			if w := serve(f, r); w.Code != test.status {
				t.Errorf("POST %.40q = %d; want %d", test.body, w.Code, test.status)
			}
		})
	}
}

// TestABodyIsReadOnlyWhereARouteTakesForms posts forms whose body must not be
// waited for.
func TestABodyIsReadOnlyWhereARouteTakesForms(t *testing.T) {
	f := mustNew(t, clock())
	for path, status := range map[string]int{"/nothing": 404, "/now": 405, "/x/../now": 404} {
		r := httptest.NewRequestWithContext(t.Context(), "POST", path, unreadable{t})
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if w := serve(f, r); w.Code != status {
			t.Errorf("POST %s = %d; want %d", path, w.Code, status)
		}
	}
}

// unreadable is a body that nothing may read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, io.EOF
}

func TestGetIsNeverOverridden(t *testing.T) {
	f := mustNew(t, clock())
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/alarms/1", strings.NewReader("_method=DELETE"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := serve(f, r); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET with _method=DELETE = %d; want 405", w.Code)
	}
}
