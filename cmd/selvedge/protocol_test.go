package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"selvedge/cmd/selvedge/internal/shop/liveprotocol"
)

// The types of messages to a client.
const (
	cartUpdate      = "CART_UPDATE"
	inventoryUpdate = "INVENTORY_UPDATE"
	failure         = "ERROR"
)

// messages checks messages against one side of the published schema.
func messages(t testing.TB, side string) *jsonschema.Schema {
	t.Helper()
	const name = "live.schema.json"
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(liveprotocol.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name + "#/$defs/" + side)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(schema *jsonschema.Schema, message []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(message))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// program is a JSON client. It fails the test on a message that is not as the
// schema says, or whose version is not above that of the one before.
type program struct {
	t        testing.TB
	ws       *websocket.Conn
	schema   *jsonschema.Schema
	versions map[string]int64 // by what a message is about
}

// heard is a message from the server.
type heard struct {
	Type               string
	Version, Timestamp int64
	Data               struct {
		Version   int64
		Count     int
		Lines     []struct{ ProductID, Quantity, Stock int64 }
		ProductID int64
		InStock   bool
		Stock     int
		Error     string
		Detail    string
		Reference string
		Status    int
		Body      struct{ Count int }
	}
}

// program connects with the session of the shop's client.
func (s *testShop) program(t testing.TB, path string, header http.Header) *program {
	t.Helper()
	options := &websocket.DialOptions{HTTPClient: s.client, HTTPHeader: header}
	if path == "/live" {
		options.Subprotocols = []string{"json"}
	}
	ws, _, err := websocket.Dial(t.Context(), s.url+path, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return &program{t, ws, messages(t, "server"), map[string]int64{}}
}

// visitor returns the shop as another session sees it.
func (s *testShop) visitor(t testing.TB) *testShop {
	t.Helper()
	other := *s
	other.client = s.newClient()
	other.page("/")
	return &other
}

// connect connects as a page of the shop does.
func (s *testShop) connect(t testing.TB) *program {
	t.Helper()
	return s.program(t, "/api/live", http.Header{"Origin": {s.url}})
}

func (p *program) send(message string) {
	p.t.Helper()
	if err := p.ws.Write(p.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		p.t.Fatal(err)
	}
}

// receive returns the next message.
func (p *program) receive() (heard, error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	_, b, err := p.ws.Read(ctx)
	if err != nil {
		return heard{}, err
	}
	if err := validate(p.schema, b); err != nil {
		p.t.Errorf("%s is not as the schema says: %v", b, err)
	}
	var m heard
	if err := json.Unmarshal(b, &m); err != nil {
		p.t.Fatal(err)
	}
	about := fmt.Sprint(m.Type, m.Data.ProductID)
	if m.Version < p.versions[about] {
		p.t.Errorf("%s comes after version %d", b, p.versions[about])
	}
	p.versions[about] = m.Version
	return m, nil
}

func (p *program) next() heard {
	p.t.Helper()
	m, err := p.receive()
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// wantCart fails the test unless the next message is a cart with these
// products.
func (p *program) wantCart(want ...string) heard {
	p.t.Helper()
	m := p.next()
	var got []string
	for _, l := range m.Data.Lines {
		got = append(got, fmt.Sprintf("%d of product %d", l.Quantity, l.ProductID))
	}
	if diff := cmp.Diff(want, got); diff != "" || m.Type != cartUpdate {
		p.t.Fatalf("%s with (-want +got):\n%s", m.Type, diff)
	}
	return m
}

func (p *program) wantStock(product int64, stock int) heard {
	p.t.Helper()
	m := p.next()
	if d := m.Data; m.Type != inventoryUpdate || d.ProductID != product || d.Stock != stock || d.InStock != (stock > 0) {
		p.t.Fatalf("%s with %+v; want product %d with stock %d", m.Type, d, product, stock)
	}
	return m
}

func (p *program) wantError(text, detail string) {
	p.t.Helper()
	m := p.next()
	if m.Type != failure || m.Data.Error != text || !strings.Contains(m.Data.Detail, detail) {
		p.t.Fatalf("%s %q, %q; want ERROR %q, %q", m.Type, m.Data.Error, m.Data.Detail, text, detail)
	}
}

// wantEnd fails the test unless the connection ends with a code, after
// messages that it returns.
func (p *program) wantEnd(want websocket.StatusCode) []heard {
	p.t.Helper()
	var all []heard
	for {
		m, err := p.receive()
		if err != nil {
			if got := websocket.CloseStatus(err); got != want {
				p.t.Errorf("the connection ended with %d, %v; want %d", got, err, want)
			}
			return all
		}
		all = append(all, m)
	}
}

// setStock sets the stock of a product as the operator does.
func (s *testShop) setStock(product, stock int) {
	s.t.Helper()
	got := s.do(http.MethodPatch, fmt.Sprintf("/api/products/%d/stock", product), fmt.Sprintf(`{"stock":%d}`, stock),
		"Content-Type", "application/json", "Authorization", "Bearer "+adminToken)
	if got.StatusCode != http.StatusOK {
		s.t.Fatalf("setting the stock: %d %s", got.StatusCode, got.body)
	}
}

const buyer = `{"name":"Ada","email":"ada@example.com","street":"Main St 1","postalCode":"1010","city":"Vienna","country":"Austria"}`
