package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/cart"
	"selvedge/fragments/productdetails"
	"selvedge/hub"
)

// protocol is what JSON clients speak, as live.schema.json describes it. The
// views of such a client are resources of the REST API: the cart of its
// session, and the products that it names. A client without a session shows
// the cart that everybody without one has, which is empty and stays so.
type protocol struct{ site *site }

var _ hub.Protocol = protocol{}

const (
	cartReference    = composer.Prefix + cart.Name + "/api/cart"
	productReference = composer.Prefix + productdetails.Name + "/api/products/"

	acceptJSON = "Accept: application/json\n"
)

// What the server says.
const (
	cartUpdate      = "CART_UPDATE"
	inventoryUpdate = "INVENTORY_UPDATE"
	failure         = "ERROR"
)

// serverMessage is a message to a client.
type serverMessage struct {
	Type      string `json:"type"`
	Data      any    `json:"data"`
	Version   int64  `json:"version"`   // of what Data shows; 0: Data is an error
	Timestamp int64  `json:"timestamp"` // of the making of the message, in unix milliseconds
}

type inventory struct {
	ProductID int64 `json:"productId"`
	InStock   bool  `json:"inStock"`
	Stock     int   `json:"stock"`
}

type protocolError struct {
	Error     string `json:"error"`
	Detail    string `json:"detail,omitempty"`
	ProductID int64  `json:"productId,omitempty"`
}

// Open has every connection begin with the cart.
func (p protocol) Open(r *http.Request) (hub.Page, error) {
	session := p.site.composer.SessionID(r)
	return hub.Page{Session: session, Views: []hub.Shown{{View: cartView(session)}}}, nil
}

func cartView(session string) hub.View {
	v := hub.View{Reference: cartReference, Variant: acceptJSON}
	if session != "" {
		v.Variant += "Cookie: " + fragments.SessionCookie + "=" + session + "\n"
	}
	return v
}

func productView(id int64) hub.View {
	return hub.View{Reference: productReference + strconv.FormatInt(id, 10), Variant: acceptJSON}
}

// Encode makes a message of a cart or of a product.
func (protocol) Encode(v hub.View, f hub.Fragment, version int64) ([]byte, error) {
	if v.Reference == cartReference {
		return encode(cartUpdate, json.RawMessage(f.Body), version)
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(v.Reference, productReference), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("no message shows %s: %w", v.Reference, err)
	}
	if bytes.Equal(f.Body, absent) {
		return encode(failure, protocolError{Error: "Unknown product", ProductID: id}, 0)
	}
	var product struct {
		InStock bool `json:"inStock"`
		Stock   int  `json:"stock"`
	}
	if err := json.Unmarshal(f.Body, &product); err != nil {
		return nil, fmt.Errorf("decode %s: %w", v.Reference, err)
	}
	return encode(inventoryUpdate, inventory{id, product.InStock, product.Stock}, version)
}

// Refuse makes the message that answers what the hub refuses.
func (protocol) Refuse(reason string) []byte { return refusal(protocolError{Error: reason}) }

func refusal(e protocolError) []byte {
	b, _ := encode(failure, e, 0) // strings and numbers, which cannot fail
	return b
}

func encode(kind string, data any, version int64) ([]byte, error) {
	return json.Marshal(serverMessage{kind, data, version, time.Now().UnixMilli()})
}

// absent is the body of a product that does not exist, which JSON clients are
// told of.
var absent = []byte("null")

// Gone returns what a view shows whose product does not exist.
func (protocol) Gone(v hub.View) (f hub.Fragment, ok bool) {
	id, ok := strings.CutPrefix(v.Reference, productReference)
	return hub.Fragment{Body: absent, ContentType: "application/json", Groups: []string{"product:" + id}}, ok
}
