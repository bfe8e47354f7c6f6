package live_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/hub"
)

// flask is a service with a session of its own in the cookie session, as Flask has: it
// greets a visitor by name. It does not see the session of the site.
type flask struct {
	mu     sync.Mutex
	greets string
	posted []string // the cookies of its forms
}

func (f *flask) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := "you"
	if cookie, err := r.Cookie("session"); err == nil {
		name = cookie.Value
	}
	switch r.Method {
	case http.MethodPost:
		f.posted = append(f.posted, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "session", Value: r.FormValue("name"), Path: "/", HttpOnly: true})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Vary", "Cookie")
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Set("Cache-Groups", `"greeting"`)
		_, _ = fmt.Fprintf(w, `<p id="greeting">%s %s</p>`, f.greets, name)
	}
}

func (f *flask) greet(words string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.greets = words
}

// shell is a template with the greeting and a live connection.
func shell(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
	_, _ = io.WriteString(w, `<esi:include src="/fragments/flask/greeting">none</esi:include><esi:vars>|$(SELVEDGE_PAGE)</esi:vars>`)
}

// visitor is a browser with an open page.
type visitor struct {
	t    *testing.T
	site *httptest.Server
	*http.Client
}

func (v visitor) do(method, path, form string) (*http.Response, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.site.URL+path, strings.NewReader(form))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res, string(body)
}

// open loads the page, and connects it.
func (v visitor) open() (page string, connection *websocket.Conn) {
	v.t.Helper()
	_, body := v.do(http.MethodGet, "/", "")
	page, token, _ := strings.Cut(body, "|")
	connection, _, err := websocket.Dial(v.t.Context(), v.site.URL+"/live?page="+token, &websocket.DialOptions{
		HTTPClient: v.Client, HTTPHeader: http.Header{"Origin": {v.site.URL}},
	})
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { _ = connection.CloseNow() })
	return page, connection
}

// TestAServiceWithASessionOfItsOwnIsLive adds the service to a running site. Each open page
// is sent the greeting of its own visitor, and an action has the visitor's cookie too.
func TestAServiceWithASessionOfItsOwnIsLive(t *testing.T) {
	service := &flask{greets: "hello"}
	behind := httptest.NewServer(service)
	defer behind.Close()
	base, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	registry := composer.NewRegistry()
	if err := registry.Add("shell", "1.0.0", composer.Source{Handler: http.HandlerFunc(shell)}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	site, err := live.New(registry, composer.Options{}, hub.Options{Actions: mux})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /{$}", site.Page("shell"))
	mux.Handle("GET /live", site.Live())
	mux.Handle("POST /api/", site.Forward("flask"))
	server := httptest.NewServer(mux)
	defer server.Close()
	defer func() { _ = site.Close(context.Background()) }()
	source := composer.Source{URL: base, Cookies: []string{"session"}, SetCookies: []string{"session"}}
	if err := registry.Add("flask", "1.0.0", source); err != nil {
		t.Fatal(err)
	}

	connections := make(map[string]*websocket.Conn)
	for _, name := range []string{"ann", "bob"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		v := visitor{t, server, &http.Client{Jar: jar}}
		if _, body := v.do(http.MethodPost, "/api/login", "name="+name); !strings.HasPrefix(body, `<p id="greeting">hello `+name) {
			t.Fatalf("after the login %s sees %q; want a greeting by name", name, body)
		}
		page, connection := v.open()
		if want := `<p id="greeting">hello ` + name + `</p>`; page != want {
			t.Errorf("%s sees %q; want %q", name, page, want)
		}
		connections[name] = connection
	}

	service.greet("welcome")
	site.Invalidate("greeting")
	for name, connection := range connections {
		_, message, err := connection.Read(t.Context())
		if want := `<p hx-swap-oob="true" id="greeting">welcome ` + name + `</p>`; err != nil || string(message) != want {
			t.Errorf("%s is sent %q, %v; want %q", name, message, err, want)
		}
	}

	if err := connections["ann"].Write(t.Context(), websocket.MessageText, []byte(`{"_action": "POST /api/rename", "name": "eve"}`)); err != nil {
		t.Fatal(err)
	}
	for _, connection := range connections { // Close returns when the messages before are read
		_ = connection.Close(websocket.StatusNormalClosure, "")
	}
	if err := site.Close(t.Context()); err != nil {
		t.Error(err)
	}
	service.mu.Lock()
	defer service.mu.Unlock()
	if got := service.posted[len(service.posted)-1]; got != "session=ann" {
		t.Errorf("the action had the cookies %q; want those of the service", got)
	}
}
