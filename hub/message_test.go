package hub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"selvedge/hub"
)

// actions notes the requests that it is given, and refuses those without a
// product.
type actions struct {
	mu   sync.Mutex
	seen []string
}

func (a *actions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	a.seen = append(a.seen, fmt.Sprint(r.Method, " ", r.RequestURI, " ", r.Form.Encode(), " ", r.Host,
		" ", r.Header.Get("Cookie"), " ", r.Header.Get("Origin"), " ", r.Header.Get("Idempotency-Key")))
	a.mu.Unlock()
	switch {
	case r.Form.Get("productId") == "silent":
		w.WriteHeader(http.StatusConflict)
	case !r.Form.Has("productId"):
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = w.Write([]byte("<section class=\"problem\"><h1>Which\nproduct?</h1><p>Tom &amp; <b>Jerry</b> &lt;ask&gt;</p></section>"))
	default:
		w.WriteHeader(http.StatusSeeOther)
	}
}

func (a *actions) last() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.seen) == 0 {
		return ""
	}
	return a.seen[len(a.seen)-1]
}

func live(text string) string {
	return `<div id="live-message" role="alert" hx-swap-oob="true">` + text + `</div>`
}

func TestActionsAreRequestsOfForms(t *testing.T) {
	a := new(actions)
	s := start(t, hub.Options{Actions: a})
	p := s.dialWith(t, token(), websocket.DialOptions{
		HTTPHeader: http.Header{"Cookie": {"session=1"}, "Origin": {s.address}},
	})
	host := strings.TrimPrefix(s.address, "http://")
	tests := []struct{ name, message, want string }{
		{
			"of htmx 2",
			`{"_action":"POST /api/cart","productId":"42","HEADERS":{"HX-Request":"true","Idempotency-Key":"k1","Cookie":"x"}}`,
			"POST /api/cart productId=42 " + host + " session=1 " + s.address + " k1",
		},
		{
			"of htmx 4",
			`{"headers":{"idempotency-key":"k2"},"_action":"PATCH /api/cart/7?x=1","productId":1234567,"gift":true,"note":["a","b"]}`,
			"PATCH /api/cart/7?x=1 gift=true&note=a&note=b&productId=1234567&x=1 " + host + " session=1 " + s.address + " k2",
		},
		{
			"without headers",
			`{"_action":"DELETE /api/cart/7","productId":0.5}`,
			"DELETE /api/cart/7  " + host + " session=1 " + s.address + " ",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p.write(tt.message)
			eventually(t, "the request "+tt.want, func() bool { return a.last() == tt.want })
		})
	}
}

// TestAnActionIsTheVisitorsOwn holds that it comes from where the connection
// does, and as safely.
func TestAnActionIsTheVisitorsOwn(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		handshake := httptest.NewRequestWithContext(t.Context(), http.MethodGet, scheme+"://shop.example/live", nil)
		handshake.RemoteAddr = "192.0.2.7:4711"
		r, err := hub.ActionOf(handshake, []byte(`{"_action":"POST /api/cart"}`))
		if err != nil {
			t.Fatal(err)
		}
		if r.Host != "shop.example" || r.RemoteAddr != handshake.RemoteAddr || (r.TLS != nil) != (scheme == "https") {
			t.Errorf("by %s: an action for %s from %s, with TLS %v; want those of the connection", scheme, r.Host, r.RemoteAddr, r.TLS != nil)
		}
	}
}

func TestRefusedMessagesAreAnswered(t *testing.T) {
	long := strings.Repeat("x", 4096-len(`{"_action":"POST /api/cart","note":""}`))
	tests := []struct{ name, message, want string }{
		{"by the action", `{"_action":"POST /api/cart"}`, "Which product? Tom &amp; Jerry &lt;ask&gt;"},
		{"by the action, without text", `{"_action":"POST /api/cart","productId":"silent"}`, "Conflict"},
		{"of 4 KiB", `{"_action":"POST /api/cart","note":"` + long + `"}`, "Which product? Tom &amp; Jerry &lt;ask&gt;"},
		{"no JSON", `hello`, "message is not understood"},
		{"no object", `[1]`, "message is not understood"},
		{"nested fields", `{"_action":"POST /api/cart","a":{"b":1}}`, "message is not understood"},
		{"nested lists", `{"_action":"POST /api/cart","a":[["b"]]}`, "message is not understood"},
		{"no action", `{"productId":"42"}`, "this action is not allowed"},
		{"another method", `{"_action":"GET /api/cart"}`, "this action is not allowed"},
		{"another path", `{"_action":"POST /admin"}`, "this action is not allowed"},
		{"a way out of /api/", `{"_action":"POST /api/../admin"}`, "this action is not allowed"},
		{"an encoded way out", `{"_action":"POST /api/%2e%2e/admin"}`, "this action is not allowed"},
		{"another host", `{"_action":"POST //evil.example/api/cart"}`, "this action is not allowed"},
		{"a URL", `{"_action":"POST http://evil.example/api/cart"}`, "this action is not allowed"},
		{"a header in the path", `{"_action":"POST /api/cart HTTP/1.1\r\nX: y"}`, "this action is not allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, hub.Options{Actions: new(actions)})
			p := s.dial(t, token())
			p.write(tt.message)
			p.want(live(tt.want))
		})
	}
}

func TestLongRefusalsAreCut(t *testing.T) {
	s := start(t, hub.Options{Actions: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, strings.Repeat("é", 20_000), http.StatusBadRequest)
	})})
	p := s.dial(t, token())
	p.write(`{"_action":"POST /api/cart"}`)
	p.want(live(strings.Repeat("é", 299) + "…"))
}

func TestMessagesThatEndTheConnection(t *testing.T) {
	tests := []struct {
		name    string
		kind    websocket.MessageType
		message []byte
		json    bool
		want    websocket.StatusCode
	}{
		{"binary", websocket.MessageBinary, []byte("{}"), false, websocket.StatusUnsupportedData},
		{"invalid UTF-8", websocket.MessageText, []byte("\xff"), false, websocket.StatusInvalidFramePayloadData},
		{"one byte over 4 KiB", websocket.MessageText, make([]byte, 4097), false, websocket.StatusMessageTooBig},
		{"one byte over 64 KiB of JSON", websocket.MessageText, make([]byte, 65537), true, websocket.StatusMessageTooBig},
		{"far over 4 KiB", websocket.MessageText, make([]byte, 1<<20), false, websocket.StatusMessageTooBig},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, hub.Options{Protocol: protocol{}})
			s.setJSON("json", "1", 1)
			var options websocket.DialOptions
			if tt.json {
				options.Subprotocols = []string{"json"}
			}
			p := s.dialWith(t, token(), options)
			if tt.json {
				p.read()
			}
			_ = p.ws.Write(t.Context(), tt.kind, tt.message)
			p.wantClose(tt.want)
		})
	}
}

func TestAFloodIsAnsweredAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{})
		p := s.dial(t, token())
		go func() {
			for range 21 {
				_ = p.ws.Write(t.Context(), websocket.MessageText, []byte("{}"))
			}
		}()
		for range 20 {
			for got := p.read(); got != ""; {
				_, got, _ = strings.Cut(got, live("message is not understood"))
			}
		}
		p.want(live("Rate limit exceeded"))
		p.wantClose(websocket.StatusPolicyViolation)
	})
}

// protocol is a JSON protocol whose messages name views to be shown.
type protocol struct{}

func (protocol) Open(r *http.Request) (hub.Page, error) {
	if r.URL.Query().Get("page") == "forged" {
		return hub.Page{}, hub.ErrToken
	}
	return hub.Page{Session: "s", Epoch: epoch, Views: []hub.Shown{{View: hub.View{Reference: "json"}}}}, nil
}

func (protocol) Receive(session string, message []byte) hub.Reply {
	var names []string
	if err := json.Unmarshal(message, &names); err != nil {
		return hub.Reply{Message: []byte(`"not understood, ` + session + `"`)}
	}
	var reply hub.Reply
	for _, name := range names {
		reply.Show = append(reply.Show, hub.View{Reference: name})
	}
	return reply
}

func (protocol) Encode(v hub.View, f hub.Fragment, version int64) ([]byte, error) {
	if string(f.Body) == "bad" {
		return nil, fmt.Errorf("bad %s", v.Reference)
	}
	return fmt.Appendf(nil, `{"view":%q,"data":%s,"version":%d}`, v.Reference, f.Body, version), nil
}

func (protocol) Refuse(reason string) []byte { return []byte(`"` + reason + `"`) }

func (s *server) setJSON(name, body string, revision int64) {
	s.put(name, hub.Fragment{
		Body: []byte(body), Groups: []string{name}, Revision: revision, ContentType: "application/json",
	})
}

func TestJSONClients(t *testing.T) {
	s := start(t, hub.Options{Protocol: protocol{}, Views: 3})
	s.setJSON("json", "1", 5)
	s.setJSON("more", `"m"`, 0)
	s.set("html", 1)
	p := s.dialWith(t, "", websocket.DialOptions{Subprotocols: []string{"json"}})
	if got := p.ws.Subprotocol(); got != "json" {
		t.Errorf("subprotocol = %q; want json", got)
	}
	p.want(`{"view":"json","data":1,"version":5}`)
	s.setJSON("json", "2", 5)
	s.Invalidate("json")
	p.want(`{"view":"json","data":2,"version":6}`)
	p.write(`["json"]`)
	p.want(`{"view":"json","data":2,"version":6}`)
	p.write(`["more", "more", "html"]`)
	p.want(`{"view":"more","data":"m","version":1}`)
	p.write(`["one", "too many"]`)
	p.want(`"Too many subscriptions"`)
	p.write(`{`)
	p.want(`"not understood, s"`)
	s.setJSON("json", "bad", 8)
	s.Invalidate("json")
	eventually(t, "fetched", func() bool { return s.fetches("json") == 3 })
	s.setJSON("json", "3", 9)
	s.Invalidate("json")
	p.want(`{"view":"json","data":3,"version":9}`)
	s.change("html", 2) // is nothing for JSON clients
	s.setJSON("more", `"n"`, 0)
	s.Invalidate("more")
	p.want(`{"view":"more","data":"n","version":2}`)
}

func TestViewsOfOneWriteAreOneMessageEachForJSONClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startPiped(t, hub.Options{Protocol: protocol{}})
		s.setJSON("json", "1", 1)
		s.setJSON("more", "1", 1)
		p := s.dialWith(t, "", websocket.DialOptions{Subprotocols: []string{"json"}})
		p.read()
		p.write(`["more"]`)
		p.read()
		synctest.Wait()
		frames := s.Stats().Frames
		s.setJSON("json", "2", 2)
		s.setJSON("more", "2", 2)
		s.Invalidate("json", "more")
		p.want(`{"view":"json","data":2,"version":2}`)
		p.want(`{"view":"more","data":2,"version":2}`)
		synctest.Wait()
		if got := s.Stats().Frames - frames; got != 1 {
			t.Errorf("writes = %d; want 1", got)
		}
	})
}

func TestServeJSON(t *testing.T) {
	s := start(t, hub.Options{Protocol: protocol{}})
	s.setJSON("json", "1", 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/api/live", s.ServeJSON)
	s.serve(t, mux)
	ws, _, err := websocket.Dial(t.Context(), s.address+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	p := &page{t, ws}
	p.want(`{"view":"json","data":1,"version":1}`)
	for range 30 {
		_ = ws.Write(t.Context(), websocket.MessageText, []byte("["))
	}
	var last string
	for {
		_, b, err := ws.Read(t.Context())
		if err != nil {
			if got := websocket.CloseStatus(err); got != websocket.StatusPolicyViolation {
				t.Errorf("close code after a flood = %d; want %d", got, websocket.StatusPolicyViolation)
			}
			break
		}
		last = string(b)
	}
	if last != `"Rate limit exceeded"` {
		t.Errorf("last message of a flood = %s; want the refusal", last)
	}
	forged, _, err := websocket.Dial(t.Context(), s.address+"/api/live?page=forged", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = forged.CloseNow() }()
	(&page{t, forged}).wantClose(websocket.StatusPolicyViolation)
}

func TestWithoutAProtocolThereAreNoJSONClients(t *testing.T) {
	s := start(t, hub.Options{})
	s.set("a", 2)
	p := s.dialWith(t, token(shown("a", 1)), websocket.DialOptions{Subprotocols: []string{"json"}})
	if got := p.ws.Subprotocol(); got != "" {
		t.Errorf("subprotocol = %q; want none", got)
	}
	p.want(swapped("a", 2))
	mux := http.NewServeMux()
	mux.HandleFunc("/api/live", s.ServeJSON)
	s.serve(t, mux)
	resp, err := s.client.Get(s.address + "/api/live")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("GET /api/live = %d; want %d", resp.StatusCode, http.StatusNotFound)
	}
}

func FuzzActions(f *testing.F) {
	for _, seed := range []string{
		`{"_action":"POST /api/cart","productId":"42","HEADERS":{"HX-Request":"true"}}`,
		`{"_action":["POST /api/cart"],"headers":{}}`,
		`{"_action":"POST /api/cart?a=%zz#b"}`, `{"a":null}`, `[]`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		r, err := hub.Action(t.Context(), message)
		if err != nil {
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/api/") || strings.Contains(r.URL.Path, "/../") || r.URL.Host != "" {
			t.Errorf("action %q reaches %v; want /api/", message, r.URL)
		}
		if diff := cmp.Diff("application/x-www-form-urlencoded", r.Header.Get("Content-Type")); diff != "" {
			t.Errorf("content type of action %q: %s", message, diff)
		}
		if err := r.ParseForm(); err != nil && !strings.Contains(err.Error(), "URL escape") && !strings.Contains(err.Error(), "semicolon") {
			t.Errorf("form of action %q: %v", message, err)
		}
	})
}
