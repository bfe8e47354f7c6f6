package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"selvedge/composer"
	"selvedge/composer/live"
	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// answer is the response of a service for a path.
type answer struct {
	status  int
	body    string
	header  http.Header
	private bool // by session: the body is that of the path, the session is put in place of SESSION
}

// service is a fragment whose answers a test changes.
type service struct {
	mu      sync.Mutex
	answers map[string]answer
	asked   map[string]int // GETs by path
}

func newService() *service {
	return &service{answers: make(map[string]answer), asked: make(map[string]int)}
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.URL.Path]++
	a, ok := s.answers[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	session := "nobody"
	if c, err := r.Cookie("selvedge-session"); err == nil {
		session = c.Value
	}
	if a.private {
		w.Header().Set("Cache-Control", "private")
		w.Header().Set("Vary", "Cookie")
		w.Header().Set("Cache-Groups", `"cart:`+session+`"`)
	} else {
		w.Header().Set("Cache-Groups", `"`+r.URL.Path[1:]+`"`)
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(max(a.status, http.StatusOK))
	_, _ = io.WriteString(w, strings.ReplaceAll(strings.ReplaceAll(a.body, "SESSION", session), "ACCEPT", r.Header.Get("Accept")))
}

func (s *service) set(path string, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = a
}

func (s *service) gets(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// followSite is a site with the fragment "shop" in this process and "far" in another.
type followSite struct {
	*live.Site
	shop, far *service
	address   string
}

func startSite(t *testing.T, composing composer.Options, connecting hub.Options) *followSite {
	t.Helper()
	s := &followSite{shop: newService(), far: newService()}
	process := httptest.NewServer(s.far)
	t.Cleanup(process.Close)
	at, err := url.Parse(process.URL)
	if err != nil {
		t.Fatal(err)
	}
	registry := composer.NewRegistry()
	for name, source := range map[string]composer.Source{"shop": {Handler: s.shop}, "far": {URL: at}} {
		if err := registry.Add(name, "1.2.0", source); err != nil {
			t.Fatal(err)
		}
	}
	composing.Logger = slog.New(slog.DiscardHandler)
	connecting.Logger = composing.Logger
	if s.Site, err = live.New(registry, composing, connecting); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /live", s.Live())
	mux.Handle("GET /live.json", s.LiveJSON())
	mux.Handle("/fragments/", s.Fragment())
	front := httptest.NewServer(mux)
	s.address = front.URL
	t.Cleanup(func() {
		_ = s.Close(context.WithoutCancel(t.Context()))
		front.Close()
	})
	return s
}

// listener is a JSON client. It fails the test on a message against the schema.
type listener struct {
	t      testing.TB
	ws     *websocket.Conn
	schema *jsonschema.Schema
	id     string // of its session
}

// news is a message to a listener, without its time.
type news struct {
	Type    string
	Data    map[string]any
	Version int64
}

// visitor returns the header of a visitor with a session, and the id of the session.
func (s *followSite) visitor(t testing.TB) http.Header {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	res, err := (&http.Client{Jar: jar}).Get(s.address + "/fragments/shop/none")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	return http.Header{"Cookie": {cookie}, "Origin": {s.address}}
}

func (s *followSite) listen(t testing.TB, header http.Header) *listener {
	t.Helper()
	ws, _, err := websocket.Dial(t.Context(), s.address+"/live.json", &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = header
	return &listener{t, ws, serverSchema(t), s.Composer().SessionID(r)}
}

func serverSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(jsonlive.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("jsonlive.schema.json", document); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("jsonlive.schema.json#/$defs/server")
}

func (l *listener) send(kind string, references ...string) {
	l.t.Helper()
	b, _ := json.Marshal(map[string]any{"type": kind, "data": map[string]any{"references": references}})
	if err := l.ws.Write(l.t.Context(), websocket.MessageText, b); err != nil {
		l.t.Fatal(err)
	}
}

func (l *listener) subscribe(references ...string) {
	l.t.Helper()
	l.send("SUBSCRIBE", references...)
}

// raw returns the bytes of the next message.
func (l *listener) raw() []byte {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), 20*time.Second)
	defer cancel()
	_, b, err := l.ws.Read(ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err == nil {
		err = l.schema.Validate(value)
	}
	if err != nil {
		l.t.Errorf("%s is against the schema: %v", b, err)
	}
	return b
}

func (l *listener) next() news {
	l.t.Helper()
	var n news
	if err := json.Unmarshal(l.raw(), &n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// wantUpdate fails the test unless the next message is the state of a reference. Body is JSON.
func (l *listener) wantUpdate(reference, body string) news {
	l.t.Helper()
	n := l.next()
	var want any
	if err := json.Unmarshal([]byte(body), &want); err != nil {
		l.t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"reference": reference, "body": want}, n.Data); diff != "" || n.Type != "UPDATE" {
		l.t.Fatalf("%s (-want +got):\n%s", n.Type, diff)
	}
	return n
}

// wantError fails the test unless the next message refuses a reference.
func (l *listener) wantError(reference string, status int, detail string) {
	l.t.Helper()
	n := l.next()
	text, _ := n.Data["detail"].(string)
	if n.Type != "ERROR" || n.Data["reference"] != reference || n.Data["status"] != float64(status) || !strings.Contains(text, detail) {
		l.t.Fatalf("%s %v; want an ERROR for %s with status %d and %q", n.Type, n.Data, reference, status, detail)
	}
}

func TestAReferenceIsAnsweredAndFollowed(t *testing.T) {
	for _, fragment := range []string{"shop", "far"} {
		t.Run(fragment, func(t *testing.T) {
			s := startSite(t, composer.Options{}, hub.Options{})
			source := map[string]*service{"shop": s.shop, "far": s.far}[fragment]
			source.set("/stock", answer{body: `{"left": 3, "accept": "ACCEPT"}`})
			reference := "/fragments/" + fragment + "@^1/stock"
			l := s.listen(t, nil)
			l.subscribe(reference)
			first := l.wantUpdate(reference, `{"left": 3, "accept": "application/json"}`)
			source.set("/stock", answer{body: `{"left": 2}`})
			s.Invalidate("stock")
			second := l.wantUpdate(reference, `{"left": 2}`)
			if first.Version < 1 || second.Version <= first.Version {
				t.Errorf("versions %d and %d; want growing ones", first.Version, second.Version)
			}
		})
	}
}

func TestTheVersionIsTheRevision(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	s.shop.set("/stock", answer{body: `3`, header: http.Header{"Selvedge-Revision": {"41"}}})
	l := s.listen(t, nil)
	l.subscribe("/fragments/shop/stock")
	if n := l.wantUpdate("/fragments/shop/stock", `3`); n.Version != 41 {
		t.Errorf("version %d; want the revision 41", n.Version)
	}
}

func TestASessionFollowsItsOwnStateOnly(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	s.shop.set("/cart", answer{body: `{"of":"SESSION","count":0}`, private: true})
	ada, bob, nobody := s.listen(t, s.visitor(t)), s.listen(t, s.visitor(t)), s.listen(t, nil)
	const cart = "/fragments/shop/cart"
	count := func(l *listener, n int) {
		t.Helper()
		l.wantUpdate(cart, fmt.Sprintf(`{"of":%q,"count":%d}`, l.id, n))
	}
	for _, l := range []*listener{ada, bob} {
		if len(l.id) != 32 {
			t.Fatalf("session %q; want one", l.id)
		}
		l.subscribe(cart)
		count(l, 0)
	}
	nobody.subscribe(cart)
	nobody.wantUpdate(cart, `{"of":"nobody","count":0}`)
	for n := 1; n <= 3; n++ {
		s.shop.set("/cart", answer{body: fmt.Sprintf(`{"of":"SESSION","count":%d}`, n), private: true})
		s.Invalidate("cart:" + ada.id)
		count(ada, n)
	}
	s.Invalidate("cart:" + bob.id)
	count(bob, 3)
}

func TestATokenInAFieldIsOfItsConnectionOnly(t *testing.T) {
	guarded := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Authorization")
		w.Header().Set("Cache-Groups", `"accounts"`)
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, "%q", r.Header.Get("Authorization"))
	}
	registry := composer.NewRegistry()
	if err := registry.Add("account", "1.0.0", composer.Source{Handler: http.HandlerFunc(guarded)}); err != nil {
		t.Fatal(err)
	}
	site, err := live.New(registry, composer.Options{Headers: []string{"Authorization"}}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(site.LiveJSON())
	t.Cleanup(func() { _ = site.Close(context.WithoutCancel(t.Context())); front.Close() })
	s := &followSite{Site: site, address: front.URL}
	const me = "/fragments/account/me"
	for _, token := range []string{"Bearer a", "Bearer b"} {
		l := s.listen(t, http.Header{"Authorization": {token}})
		l.subscribe(me)
		l.wantUpdate(me, fmt.Sprintf("%q", token))
	}
	l := s.listen(t, nil)
	l.subscribe(me)
	l.wantError(me, http.StatusUnauthorized, "Unauthorized")
}

func TestEachRefusedReferenceIsAnErrorAndTheOthersAreFollowed(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	s.shop.set("/good", answer{body: `1`})
	s.shop.set("/forbidden", answer{status: http.StatusForbidden, body: "secret"})
	s.shop.set("/constant", answer{body: `1`, header: http.Header{"Cache-Groups": nil}})
	s.shop.set("/broken", answer{status: http.StatusInternalServerError, body: "secret"})
	tests := []struct {
		name, reference string
		status          int
		detail          string
	}{
		{"no fragment of this name", "/fragments/none/x", 404, "No fragment"},
		{"no version", "/fragments/shop@^9/good", 404, "No fragment"},
		{"nothing there", "/fragments/shop/none", 404, "Not Found"},
		{"a refusal", "/fragments/shop/forbidden", 403, "Forbidden"},
		{"no groups", "/fragments/shop/constant", 422, "no Cache-Groups"},
		{"a failure", "/fragments/shop/broken", 502, "does not answer"},
		{"no reference", "/products/1", 400, "does not begin with /fragments/"},
		{"nothing", "", 400, "malformed"},
		{"another host", "http://evil.example/fragments/shop/good", 400, "malformed"},
		{"a way up", "/fragments/shop/../admin", 400, "segment"},
		{"a control character", "/fragments/shop/good\r\nX: y", 400, "malformed"},
		{"no constraint", "/fragments/shop@!/good", 400, "constraint"},
		{"too long", "/fragments/shop/" + strings.Repeat("x", 9000), 400, "longer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := s.listen(t, nil)
			l.subscribe(test.reference, "/fragments/shop/good")
			var kinds []string
			for range 2 { // in any order
				switch n := l.next(); n.Type {
				case "UPDATE":
					kinds = append(kinds, fmt.Sprint(n.Data["reference"]))
				default:
					kinds = append(kinds, "ERROR")
					text := fmt.Sprint(n.Data["detail"])
					if n.Data["reference"] != test.reference || n.Data["status"] != float64(test.status) || !strings.Contains(text, test.detail) || strings.Contains(text, "secret") {
						t.Errorf("%v; want status %d, %q", n.Data, test.status, test.detail)
					}
				}
			}
			slices.Sort(kinds)
			if want := []string{"/fragments/shop/good", "ERROR"}; !slices.Equal(kinds, want) {
				t.Errorf("messages %q; want %q", kinds, want)
			}
		})
	}
}

func TestAConnectionFollows32References(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	path := func(n int) string { return fmt.Sprintf("/item%d", n) }
	var references []string
	for n := range 40 {
		s.shop.set(path(n), answer{body: `0`})
		references = append(references, "/fragments/shop"+path(n))
	}
	l := s.listen(t, nil)
	l.subscribe(references[:33]...)
	if n := l.next(); n.Type != "ERROR" || n.Data["error"] != "Invalid message format" || !strings.Contains(fmt.Sprint(n.Data["detail"]), "32") {
		t.Fatalf("a message with 33 references: %+v; want an ERROR", n)
	}
	l.subscribe(references[:31]...)
	for range 31 {
		if n := l.next(); n.Type != "UPDATE" {
			t.Fatalf("%+v; want an UPDATE", n)
		}
	}
	l.subscribe(references[31], references[32], references[0])
	var got []string
	for range 3 {
		n := l.next()
		got = append(got, fmt.Sprintln(n.Type, n.Data["reference"], n.Data["error"], n.Data["status"]))
	}
	slices.Sort(got)
	want := []string{
		"ERROR " + references[32] + " Too many subscriptions 429\n",
		"UPDATE " + references[0] + " <nil> <nil>\n",
		"UPDATE " + references[31] + " <nil> <nil>\n",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the 33rd (-want +got):\n%s", diff)
	}
	l.send("UNSUBSCRIBE", references[0], "/fragments/shop/unknown")
	l.subscribe(references[32])
	l.wantUpdate(references[32], `0`)
	s.shop.set(path(0), answer{body: `1`})
	s.Invalidate("item0")
	s.shop.set(path(1), answer{body: `1`})
	s.Invalidate("item1")
	l.wantUpdate(references[1], `1`) // and nothing of item0
}

func TestAViewIsRenderedOnceForAllConnections(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	s.far.set("/stock", answer{body: `1`})
	var all []*listener
	for range 8 {
		l := s.listen(t, s.visitor(t))
		l.subscribe("/fragments/far/stock")
		l.wantUpdate("/fragments/far/stock", `1`)
		all = append(all, l)
	}
	before := s.far.gets("/stock")
	if views := s.Hub().Stats().Views; views != 1 {
		t.Errorf("%d views; want 1 of all sessions", views)
	}
	s.far.set("/stock", answer{body: `2`})
	s.Invalidate("stock")
	first := all[0].raw()
	for _, l := range all[1:] {
		if got := l.raw(); !bytes.Equal(got, first) {
			t.Errorf("%s; want the bytes of the first connection, %s", got, first)
		}
	}
	if n := s.far.gets("/stock") - before; n != 1 {
		t.Errorf("GETs for the change = %d; want 1", n)
	}
}

func TestARightThatEndsIsToldOnce(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	const orders, stock = "/fragments/shop/orders", "/fragments/shop/stock"
	s.shop.set("/orders", answer{body: `[1]`, private: true})
	s.shop.set("/stock", answer{body: `1`})
	l := s.listen(t, s.visitor(t))
	l.subscribe(orders)
	l.wantUpdate(orders, `[1]`)
	l.subscribe(stock)
	l.wantUpdate(stock, `1`)
	s.shop.set("/orders", answer{status: http.StatusForbidden, private: true})
	s.Invalidate("cart:" + l.id)
	l.wantError(orders, http.StatusForbidden, "Forbidden")

	s.shop.set("/orders", answer{body: `[2]`, private: true}) // is not followed any more
	asked := s.shop.gets("/orders")
	s.Invalidate("cart:" + l.id)
	s.shop.set("/stock", answer{body: `2`})
	s.Invalidate("stock")
	l.wantUpdate(stock, `2`)
	if n := s.shop.gets("/orders") - asked; n != 0 {
		t.Errorf("%d GETs of a reference that nobody follows", n)
	}
	l.subscribe(orders) // the right is back
	l.wantUpdate(orders, `[2]`)
}

func TestAnythingButJSONIsAString(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	tests := []struct{ name, contentType, body string }{
		{"HTML without an element", "text/html; charset=utf-8", "a & b"},
		{"text", "text/plain; charset=utf-8", "one\ntwo"},
		{"JSON that is broken", "application/json", `{"a":`},
		{"lines of JSON", "application/x-ndjson", "{}\n{}\n"},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := fmt.Sprintf("/other%d", i)
			s.shop.set(path, answer{body: test.body, header: http.Header{"Content-Type": {test.contentType}}})
			l := s.listen(t, nil)
			l.subscribe("/fragments/shop" + path)
			want := map[string]any{"reference": "/fragments/shop" + path, "contentType": test.contentType, "body": test.body}
			if diff := cmp.Diff(want, l.next().Data); diff != "" {
				t.Errorf("UPDATE (-want +got):\n%s", diff)
			}
		})
	}
	s.shop.set("/problem", answer{body: `{"a":1}`, header: http.Header{"Content-Type": {"application/vnd.shop+json"}}})
	l := s.listen(t, nil)
	l.subscribe("/fragments/shop/problem")
	l.wantUpdate("/fragments/shop/problem", `{"a":1}`)
}

// TestAnOlderStateNeverFollowsANewer has counters that grow while clients come, go and
// follow them.
func TestAnOlderStateNeverFollowsANewer(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{Tick: time.Millisecond})
	var count atomic.Int64
	set := func(n int64) { s.far.set("/count", answer{body: fmt.Sprint(n)}) }
	set(0)
	const last = 60
	var all sync.WaitGroup
	for range 4 {
		l := s.listen(t, s.visitor(t)) // a session may send 20 messages at once
		l.subscribe("/fragments/far/count")
		all.Go(func() {
			seen := -1.0
			for seen < last {
				_, b, err := l.ws.Read(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				var n news
				_ = json.Unmarshal(b, &n)
				got, _ := n.Data["body"].(float64)
				if got < seen {
					t.Errorf("%v after %v", got, seen)
				}
				if got > seen && int(got)%10 == 0 {
					_ = l.ws.Write(t.Context(), websocket.MessageText, []byte(`{"type":"SUBSCRIBE","data":{"references":["/fragments/far/count"]}}`))
				}
				seen = got
			}
		})
	}
	for count.Load() < last {
		set(count.Add(1))
		s.Invalidate("count")
	}
	all.Wait()
}

func TestAPageConnectionStaysOneOfHTML(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	ws, _, err := websocket.Dial(t.Context(), s.address+"/live", &websocket.DialOptions{Subprotocols: []string{"json"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	if got := ws.Subprotocol(); got != "" {
		t.Errorf("subprotocol %q at Live; want none, because the site did not ask for JSON clients there", got)
	}
}

func TestAnotherMessageIsAnErrorAndTheConnectionGoesOn(t *testing.T) {
	s := startSite(t, composer.Options{}, hub.Options{})
	s.shop.set("/stock", answer{body: `1`})
	l := s.listen(t, nil)
	for _, message := range []string{`hello`, `{}`, `[]`, `{"type":"CART_REQUEST"}`, `{"type":"SUBSCRIBE"}`, `{"type":"SUBSCRIBE","data":{"references":[]}}`} {
		if err := l.ws.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
			t.Fatal(err)
		}
		if n := l.next(); n.Type != "ERROR" || n.Data["error"] != "Invalid message format" || n.Data["detail"] == "" {
			t.Errorf("%s is answered %+v; want an ERROR", message, n)
		}
	}
	l.subscribe("/fragments/shop/stock")
	l.wantUpdate("/fragments/shop/stock", `1`)
}
