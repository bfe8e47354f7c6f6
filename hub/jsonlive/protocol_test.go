package jsonlive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// side is a side of the published schema: client or server.
func side(t testing.TB, name string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(jsonlive.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("jsonlive.schema.json", document); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("jsonlive.schema.json#/$defs/" + name)
}

func validate(schema *jsonschema.Schema, message []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(message))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// reader is a client that may read each reference with "good" in it.
type reader struct{}

func (reader) Session() string { return "s" }

func (reader) Look(_ context.Context, reference string) (hub.Shown, error) {
	switch {
	case strings.Contains(reference, "good"):
		return hub.Shown{View: jsonlive.NewView(reference, "Cookie: a=b\n"), ETag: "1"}, nil
	case strings.Contains(reference, "refused"):
		return hub.Shown{}, fmt.Errorf("wrapped: %w", jsonlive.Refused(http.StatusForbidden))
	}
	return hub.Shown{}, errors.New("secret of the site")
}

// faulty is a client with a bug.
type faulty struct{ reader }

func (faulty) Look(context.Context, string) (hub.Shown, error) { panic("a bug") }

// shop is a protocol with message types of its own.
type shop struct{}

func (shop) Open(r *http.Request) (hub.Page, error) {
	if r.URL.Query().Has("closed") {
		return hub.Page{}, hub.ErrToken
	}
	return hub.Page{Session: "of the shop", Views: []hub.Shown{{View: hub.View{Reference: "cart"}}}}, nil
}
func (shop) Receive(session string, message []byte) hub.Reply {
	return hub.Reply{Message: []byte(session + ": " + string(message))}
}
func (shop) Encode(v hub.View, _ hub.Fragment, _ int64) ([]byte, error) {
	return []byte("shop " + v.Reference), nil
}
func (shop) Refuse(reason string) []byte { return []byte("shop: " + reason) }
func (shop) Gone(v hub.View) (hub.Fragment, bool) {
	return hub.Fragment{Body: []byte("sold out")}, v.Reference == "product"
}

func protocol(extension hub.Protocol) *jsonlive.Protocol {
	return &jsonlive.Protocol{NewClient: func(*http.Request) jsonlive.Client { return reader{} }, Extension: extension}
}

func open(t testing.TB, p *jsonlive.Protocol) hub.Conversation {
	t.Helper()
	page, err := p.Open(httptest.NewRequest(http.MethodGet, "/live.json", nil))
	if err != nil {
		t.Fatal(err)
	}
	return page.Conversation
}

func TestMessagesAndTheSchemaAgree(t *testing.T) {
	list := func(n int) string { return strings.TrimSuffix(strings.Repeat(`"good",`, n), ",") }
	tests := []struct {
		name, message string
		understood    bool
	}{
		{"a reference", `{"type":"SUBSCRIBE","data":{"references":["good"]}}`, true},
		{"with version and time", `{"type":"SUBSCRIBE","data":{"references":["good","good 2"]},"version":null,"timestamp":"now"}`, true},
		{"as many as a message may name", `{"type":"SUBSCRIBE","data":{"references":[` + list(32) + `]}}`, true},
		{"an end", `{"type":"UNSUBSCRIBE","data":{"references":["good"]}}`, true},
		{"a reference too many", `{"type":"SUBSCRIBE","data":{"references":[` + list(33) + `]}}`, false},
		{"no references", `{"type":"SUBSCRIBE","data":{"references":[]}}`, false},
		{"references that are null", `{"type":"SUBSCRIBE","data":{"references":null}}`, false},
		{"a reference that is null", `{"type":"SUBSCRIBE","data":{"references":[null]}}`, false},
		{"a reference that is a number", `{"type":"SUBSCRIBE","data":{"references":[1]}}`, false},
		{"a text in place of a list", `{"type":"SUBSCRIBE","data":{"references":"good"}}`, false},
		{"no data", `{"type":"SUBSCRIBE"}`, false},
		{"data of another kind", `{"type":"SUBSCRIBE","data":{"products":[1]}}`, false},
		{"a member too many", `{"type":"SUBSCRIBE","data":{"references":["good"]},"session":"t"}`, false},
		{"a member of the data too many", `{"type":"SUBSCRIBE","data":{"references":["good"],"all":true}}`, false},
		{"capitals", `{"TYPE":"SUBSCRIBE","data":{"references":["good"]}}`, false},
		{"another type", `{"type":"subscribe","data":{"references":["good"]}}`, false},
		{"a type of the server", `{"type":"UPDATE","data":{"references":["good"]}}`, false},
		{"no object", `null`, false},
		{"a list", `[]`, false},
	}
	client, server := side(t, "client"), side(t, "server")
	followed := []hub.View{jsonlive.NewView("good", "Cookie: before\n"), {Reference: "good"}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := open(t, protocol(nil)).Receive(t.Context(), []byte(test.message), followed)
			if err := validate(client, []byte(test.message)); (err == nil) != test.understood {
				t.Errorf("the schema says %v of it", err)
			}
			if refused := len(got.Message) > 0; refused == test.understood || refused == (len(got.Show)+len(got.Hide) > 0) {
				t.Errorf("reply %+v; want an ERROR if and only if it is not understood", got)
			}
			if len(got.Message) > 0 {
				if err := validate(server, got.Message); err != nil {
					t.Errorf("%s: %v", got.Message, err)
				}
			}
		})
	}
}

func TestTheReplyIsByReference(t *testing.T) {
	good, before := jsonlive.NewView("good", "Cookie: a=b\n"), jsonlive.NewView("refused", "")
	elsewhere := hub.View{Reference: "refused"} // of the extension
	got := open(t, protocol(nil)).Receive(t.Context(), []byte(`{"type":"SUBSCRIBE","data":{"references":["good","refused","broken","good"]}}`), []hub.View{before, elsewhere})
	if diff := cmp.Diff([]hub.View{good}, got.Show); diff != "" {
		t.Errorf("shows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]hub.View{before}, got.Hide); diff != "" {
		t.Errorf("hides (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]hub.Shown{{View: good, ETag: "1"}}, got.Seen); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
	var errs []string
	for _, message := range got.Messages {
		if err := validate(side(t, "server"), message); err != nil {
			t.Errorf("%s: %v", message, err)
		}
		var m struct {
			Data struct {
				Reference, Detail string
				Status            int
			}
		}
		_ = json.Unmarshal(message, &m)
		errs = append(errs, fmt.Sprint(m.Data.Reference, " ", m.Data.Status, " ", m.Data.Detail))
	}
	want := []string{"refused 403 The fragment answers 403 Forbidden.", "broken 502 The fragment could not be fetched."}
	if diff := cmp.Diff(want, errs); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestAnExtensionHasTheRest(t *testing.T) {
	p := protocol(shop{})
	page, err := p.Open(httptest.NewRequest(http.MethodGet, "/live.json", nil))
	if err != nil || page.Session != "of the shop" || len(page.Views) != 1 || page.Views[0].Reference != "cart" {
		t.Fatalf("Open = %+v, %v; want the page of the extension", page, err)
	}
	if _, err := p.Open(httptest.NewRequest(http.MethodGet, "/live.json?closed", nil)); !errors.Is(err, hub.ErrToken) {
		t.Errorf("Open of a refused connection: %v; want the extension's error", err)
	}
	receive := func(message string) hub.Reply {
		return page.Conversation.Receive(t.Context(), []byte(message), nil)
	}
	for _, message := range []string{`{"type":"CART_REQUEST"}`, `{"type":"SUBSCRIBE","data":{"products":[1]}}`, `hello`} {
		if got := string(receive(message).Message); got != "of the shop: "+message {
			t.Errorf("%s is answered %q; want the extension's answer", message, got)
		}
	}
	if got := receive(`{"type":"SUBSCRIBE","data":{"references":["good"]}}`); len(got.Show) != 1 {
		t.Errorf("a reference is answered %+v; want its view", got)
	}
	for v, want := range map[hub.View]string{{Reference: "cart"}: "shop cart", jsonlive.NewView("cart", ""): `"reference":"cart"`} {
		if b, err := p.Encode(v, hub.Fragment{Body: []byte("{}"), ContentType: "application/json"}, 1); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("Encode(%v) = %s, %v; want %s", v, b, err, want)
		}
	}
	if got := string(p.Refuse(hub.ReasonRate)); got != "shop: "+hub.ReasonRate {
		t.Errorf("Refuse = %q; want the extension's", got)
	}
	if f, ok := p.Gone(hub.View{Reference: "product"}); !ok || string(f.Body) != "sold out" {
		t.Errorf("Gone = %s, %v; want the extension's fragment", f.Body, ok)
	}
}

func TestWithoutAnExtensionThereAreReferencesOnly(t *testing.T) {
	p := protocol(nil)
	if page, err := p.Open(httptest.NewRequest(http.MethodGet, "/live.json", nil)); err != nil || page.Session != "s" || len(page.Views) != 0 {
		t.Errorf("Open = %+v, %v; want the client's session and no view", page, err)
	}
	if b, err := p.Encode(hub.View{Reference: "cart"}, hub.Fragment{Body: []byte("{}")}, 1); err == nil {
		t.Errorf("Encode of a page's view = %s; want an error", b)
	}
	if _, ok := p.Gone(hub.View{Reference: "cart"}); ok {
		t.Error("Gone has a fragment; want none")
	}
	if err := validate(side(t, "server"), p.Refuse(hub.ReasonRate)); err != nil {
		t.Error(err)
	}
}

func TestTheLastFragmentIsAnError(t *testing.T) {
	f, err := jsonlive.LastFragment(jsonlive.Refused(http.StatusGone))
	if err != nil || !f.Last {
		t.Fatalf("LastFragment = %+v, %v", f, err)
	}
	b, err := protocol(nil).Encode(jsonlive.NewView("good", ""), f, 9)
	if err != nil || !strings.Contains(string(b), `"reference":"good","status":410`) {
		t.Errorf("Encode = %s, %v; want an ERROR with status 410", b, err)
	}
	if err := validate(side(t, "server"), b); err != nil {
		t.Error(err)
	}
}

func TestTheSchemaIsServed(t *testing.T) {
	h := jsonlive.SchemaHandler(jsonlive.Schema)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/schema.json", nil))
	if w.Code != http.StatusOK || w.Body.String() != string(jsonlive.Schema) || w.Header().Get("Content-Type") != "application/schema+json" {
		t.Errorf("GET: %d %v", w.Code, w.Header())
	}
	again := httptest.NewRequest(http.MethodGet, "/schema.json", nil)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, again); w.Code != http.StatusNotModified {
		t.Errorf("the same again: %d; want 304", w.Code)
	}
}

func TestAPanicOfTheClientIsForTheHub(t *testing.T) {
	defer func() {
		if got := recover(); got != "a bug" {
			t.Errorf("recovered %v; want the panic of the client", got)
		}
	}()
	p := &jsonlive.Protocol{NewClient: func(*http.Request) jsonlive.Client { return faulty{} }}
	open(t, p).Receive(t.Context(), []byte(`{"type":"SUBSCRIBE","data":{"references":["good"]}}`), nil)
}

// FuzzReceive wants an answer as the schema says, and each message understood to
// be one of the schema.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"type":"SUBSCRIBE","data":{"references":["good","refused","\u0000"]}}`, `{"type":"UNSUBSCRIBE","data":{"references":["good"]}}`,
		`{"type":"SUBSCRIBE","data":{"references":[]}}{}`, `{"type":"\ud800"}`, `[[[[`, "\xff", ``,
	} {
		f.Add([]byte(seed))
	}
	client, server := side(f, "client"), side(f, "server")
	c := open(f, protocol(nil))
	f.Fuzz(func(t *testing.T, message []byte) {
		got := c.Receive(t.Context(), message, nil)
		answers := got.Messages
		if len(got.Message) > 0 {
			answers = append(answers, got.Message)
		} else if err := validate(client, message); err != nil {
			t.Errorf("Receive(%q) understands a message against the schema: %v", message, err)
		}
		for _, answer := range answers {
			if err := validate(server, answer); err != nil {
				t.Errorf("Receive(%q) answers %s: %v", message, answer, err)
			}
		}
	})
}
