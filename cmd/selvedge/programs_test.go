package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestProgramsOnOneCartAgree(t *testing.T) {
	s := startShop(t).visitor(t)
	first, second := s.connect(t), s.program(t, "/live", http.Header{"Origin": {s.url}})
	if got := second.ws.Subprotocol(); got != "json" {
		t.Errorf("subprotocol %q; want json", got)
	}
	first.wantCart()
	second.wantCart()
	before := time.Now().UnixMilli()
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	a, b := first.wantCart("2 of product 1"), second.wantCart("2 of product 1")
	if a.Version != b.Version || a.Timestamp != b.Timestamp || a.Timestamp < before || a.Timestamp > time.Now().UnixMilli() {
		t.Errorf("versions %d and %d, timestamps %d and %d; want one message of now for both", a.Version, b.Version, a.Timestamp, b.Timestamp)
	}
	s.json(http.MethodDelete, "/api/cart/1", "")
	if got := first.wantCart(); got.Version <= a.Version {
		t.Errorf("version %d after %d; want it to grow", got.Version, a.Version)
	}
	second.wantCart()
	second.send(`{"type":"CART_REQUEST"}`)
	second.wantCart()
}

// TestTheCartIsThatOfREST compares the data with what GET /api/cart answers.
func TestTheCartIsThatOfREST(t *testing.T) {
	s := startShop(t).visitor(t)
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	p := s.connect(t)
	_, got, err := p.ws.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var message struct{ Data json.RawMessage }
	if err := json.Unmarshal(got, &message); err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSpace(s.json(http.MethodGet, "/api/cart", "").body); string(message.Data) != want {
		t.Errorf("the cart is %s; want %s", message.Data, want)
	}
}

func TestASaleReachesWhoFollowsTheProduct(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken)
	s.setStock(3, 3)
	mine, other := s.visitor(t).connect(t), s.visitor(t)
	mine.wantCart()
	mine.send(`{"type":"SUBSCRIBE","data":{"products":[3]}}`)
	before := mine.wantStock(3, 3)
	other.json(http.MethodPost, "/api/cart", `{"productId":3,"quantity":3}`)
	if got := other.json(http.MethodPost, "/api/checkout", buyer); got.StatusCode != http.StatusCreated {
		t.Fatalf("checkout: %d %s", got.StatusCode, got.body)
	}
	if after := mine.wantStock(3, 0); after.Version <= before.Version {
		t.Errorf("version %d after %d; want it to grow", after.Version, before.Version)
	}
	mine.send(`{"type":"SUBSCRIBE","data":{"products":[3]}}`)
	mine.wantStock(3, 0)
}

func TestTheStockOfWhatIsInTheCartIsPartOfIt(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken).visitor(t)
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	p := s.connect(t)
	p.wantCart("2 of product 1")
	s.setStock(1, 1)
	if got := p.wantCart("2 of product 1").Data.Lines[0].Stock; got != 1 {
		t.Errorf("stock of the line %d; want 1", got)
	}
}

// TestVersionsGrowAcrossConnections lets the hub forget what it knows: nobody
// is connected in between.
func TestVersionsGrowAcrossConnections(t *testing.T) {
	s := startShop(t, "--admin-token", adminToken).visitor(t)
	s.json(http.MethodPost, "/api/cart", `{"productId":1,"quantity":2}`)
	p := s.connect(t)
	cart := p.wantCart("2 of product 1")
	p.send(`{"type":"SUBSCRIBE","data":{"products":[1]}}`)
	product := p.next()
	for stock := range 5 {
		s.setStock(1, stock)
		for range 2 { // the cart and the product, in any order
			p.next()
		}
	}
	_ = p.ws.CloseNow()
	s.setStock(1, 9)

	again := s.connect(t)
	if got := again.wantCart("2 of product 1"); got.Version <= p.versions[cartUpdate+"0"] || got.Version < cart.Version+6 {
		t.Errorf("version of the cart %d; want more than %d", got.Version, p.versions[cartUpdate+"0"])
	}
	again.send(`{"type":"SUBSCRIBE","data":{"products":[1]}}`)
	if got := again.wantStock(1, 9); got.Version < product.Version+6 {
		t.Errorf("version of the product %d; want %d or more", got.Version, product.Version+6)
	}
}

func TestNobodySeesTheCartOfAnotherSession(t *testing.T) {
	s := startShop(t)
	ada, bob := s.visitor(t), s.visitor(t)
	ofAda, ofBob, ofNobody := ada.connect(t), bob.connect(t), s.program(t, "/api/live", nil)
	ofAda.wantCart()
	ofBob.wantCart()
	ofNobody.wantCart()
	ada.json(http.MethodPost, "/api/cart", `{"productId":1}`)
	ofAda.wantCart("1 of product 1")
	bob.json(http.MethodPost, "/api/cart", `{"productId":3}`)
	ofBob.wantCart("1 of product 3")
	ofNobody.send(`{"type":"CART_REQUEST"}`)
	ofNobody.wantCart()
	ada.json(http.MethodPost, "/api/cart", `{"productId":5}`)
	ofAda.wantCart("1 of product 1", "1 of product 5")
}

func TestWhatIsNotUnderstoodIsAnErrorAndTheConnectionGoesOn(t *testing.T) {
	s := startShop(t, "--live-views", "3")
	const invalid = "Invalid message format"
	long := `{"type":"` + strings.Repeat("x", 64<<10-len(`{"type":""}`)) + `"}`
	tests := []struct{ name, message, text, detail string }{
		{"no JSON", `hello`, invalid, "not a JSON object"},
		{"nothing", ``, invalid, "not a JSON object"},
		{"no object", `["CART_REQUEST"]`, invalid, "not a JSON object"},
		{"no type", `{}`, invalid, "The type is"},
		{"an unknown type", `{"type":"HELLO"}`, invalid, "The type is"},
		{"64 KiB", long, invalid, "The type is"},
		{"a type of the server", `{"type":"CART_UPDATE"}`, invalid, "The type is"},
		{"a type that is no text", `{"type":1}`, invalid, `"type"`},
		{"an unknown field", `{"type":"CART_REQUEST","cart":7}`, invalid, `"cart"`},
		{"a field in capitals", `{"TYPE":"CART_REQUEST"}`, invalid, `"TYPE"`},
		{"a field twice", `{"type":"CART_REQUEST","type":"SUBSCRIBE"}`, invalid, `"type"`},
		{"a cart by its id", `{"type":"CART_REQUEST","data":{"id":"7f3a"}}`, invalid, `"id"`},
		{"no data", `{"type":"SUBSCRIBE"}`, invalid, "not a JSON object"},
		{"no products", `{"type":"SUBSCRIBE","data":{"products":[]}}`, invalid, "names products"},
		{"products as text", `{"type":"SUBSCRIBE","data":{"products":["1"]}}`, invalid, `"products"`},
		{"product 0", `{"type":"SUBSCRIBE","data":{"products":[1,0]}}`, invalid, "1 or more"},
		{"an unknown product", `{"type":"SUBSCRIBE","data":{"products":[987654]}}`, "Unknown product", ""},
		{"more than one connection may follow", `{"type":"SUBSCRIBE","data":{"products":[1,2,3]}}`, "Too many subscriptions", ""},
		{"more than one message may name", `{"type":"SUBSCRIBE","data":{"products":[1` + strings.Repeat(",1", 100) + `]}}`, "Too many subscriptions", "100"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := s.visitor(t).connect(t) // a session may send 20 messages at once
			p.wantCart()
			p.send(test.message)
			p.wantError(test.text, test.detail)
			p.send(`{"type":"SUBSCRIBE","data":{"products":[1,1]},"version":1,"timestamp":1767225600000}`)
			if got := p.next(); got.Data.ProductID != 1 {
				t.Errorf("product %d; want 1", got.Data.ProductID)
			}
		})
	}
}

func TestAProgramFollowsReferencesBesideTheCart(t *testing.T) {
	s := startShop(t)
	ada, bob := s.visitor(t), s.visitor(t)
	for path, connect := range map[string]func() *program{
		"/api/live": func() *program { return ada.connect(t) },
		"/live":     func() *program { return ada.program(t, "/live", http.Header{"Origin": {s.url}}) },
	} {
		p, other := connect(), bob.connect(t)
		p.wantCart()
		other.wantCart()
		const cart = "/fragments/cart/api/cart"
		for _, each := range []*program{p, other} {
			each.send(`{"type":"SUBSCRIBE","data":{"references":["` + cart + `"]}}`)
			if m := each.next(); m.Type != "UPDATE" || m.Data.Reference != cart || m.Data.Body.Count != 0 {
				t.Fatalf("%s: %+v; want an UPDATE with the empty cart", path, m)
			}
		}
		ada.json(http.MethodPost, "/api/cart", `{"productId":1}`)
		got := []heard{p.next(), p.next()}
		slices.SortFunc(got, func(a, b heard) int { return strings.Compare(a.Type, b.Type) })
		if got[0].Type != cartUpdate || got[0].Data.Count != 1 || got[1].Type != "UPDATE" || got[1].Data.Body.Count != 1 {
			t.Errorf("%s: %+v; want both messages with the cart of 1", path, got)
		}
		p.send(`{"type":"UNSUBSCRIBE","data":{"references":["` + cart + `"]}}`)
		p.send(`{"type":"SUBSCRIBE","data":{"references":["/fragments/cart/none"]}}`)
		if m := p.next(); m.Type != failure || m.Data.Reference != "/fragments/cart/none" || m.Data.Status != http.StatusNotFound {
			t.Errorf("%s: %+v; want an ERROR with 404", path, m)
		}
		ada.json(http.MethodDelete, "/api/cart/1", "")
		p.wantCart()
		other.send(`{"type":"CART_REQUEST"}`) // and nothing of Ada's before
		other.wantCart()
	}
}

func TestAnUnknownProductIsNamed(t *testing.T) {
	p := startShop(t).visitor(t).connect(t)
	p.wantCart()
	p.send(`{"type":"SUBSCRIBE","data":{"products":[987654,1]}}`)
	for range 2 {
		switch m := p.next(); {
		case m.Type == failure && m.Data.ProductID == 987654:
		case m.Type == inventoryUpdate && m.Data.ProductID == 1:
		default:
			t.Errorf("%s of product %d; want an error for 987654 and the stock of 1", m.Type, m.Data.ProductID)
		}
	}
}

func TestAFloodEndsTheConnection(t *testing.T) {
	p := startShop(t).visitor(t).connect(t)
	p.wantCart()
	for range 40 {
		_ = p.ws.Write(t.Context(), websocket.MessageText, []byte(`{"type":"CART_REQUEST"}`))
	}
	all := p.wantEnd(websocket.StatusPolicyViolation)
	if len(all) == 0 || all[len(all)-1].Data.Error != "Rate limit exceeded" {
		t.Errorf("the connection ended with %+v; want an error that says why", all)
	}
}

func TestMessagesThatEndTheConnectionOfAProgram(t *testing.T) {
	s := startShop(t).visitor(t)
	tests := []struct {
		name    string
		kind    websocket.MessageType
		message string
		want    websocket.StatusCode
	}{
		{"binary", websocket.MessageBinary, `{"type":"CART_REQUEST"}`, websocket.StatusUnsupportedData},
		{"one byte more than 64 KiB", websocket.MessageText, strings.Repeat(" ", 64<<10+1), websocket.StatusMessageTooBig},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := s.connect(t)
			p.wantCart()
			if err := p.ws.Write(t.Context(), test.kind, []byte(test.message)); err != nil {
				t.Fatal(err)
			}
			p.wantEnd(test.want)
		})
	}
}

func TestOnlyOurPagesMayUseTheSessionOfABrowser(t *testing.T) {
	s := startShop(t).visitor(t)
	s.json(http.MethodPost, "/api/cart", `{"productId":1}`)
	for name, header := range map[string]http.Header{
		"another site": {"Origin": {"https://evil.example"}},
		"no origin":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			if heard := s.program(t, "/api/live", header).wantEnd(websocket.StatusPolicyViolation); len(heard) > 0 {
				t.Errorf("it was told %+v; want nothing", heard)
			}
		})
	}
}
