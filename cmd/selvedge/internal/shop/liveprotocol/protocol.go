// Package liveprotocol is the protocol of the shop for JSON clients, as described in
// live.schema.json: an extension of package jsonlive, by which clients follow any
// reference. The views of a JSON client are resources of the REST API: the cart of its
// session, and the products of its messages. A client without a session sees the empty
// cart of all clients without a session.
package liveprotocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/cart"
	"selvedge/fragments/productdetails"
	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// Protocol translates between a hub and JSON clients.
type Protocol struct {
	// SessionID returns the verified session of a request; empty: no session.
	SessionID func(*http.Request) string
}

var _ hub.Protocol = Protocol{}

const (
	cartReference    = composer.Prefix + cart.Name + "/api/cart"
	productReference = composer.Prefix + productdetails.Name + "/api/products/"

	acceptJSON = "Accept: application/json\n"
)

// The types of messages to a client.
const (
	cartUpdate      = "CART_UPDATE"
	inventoryUpdate = "INVENTORY_UPDATE"
	failure         = "ERROR"
)

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

// Open returns a page with the cart as its only view.
func (p Protocol) Open(r *http.Request) (hub.Page, error) {
	session := p.SessionID(r)
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
func (Protocol) Encode(v hub.View, f hub.Fragment, version int64) ([]byte, error) {
	if v.Reference == cartReference {
		return jsonlive.Marshal(cartUpdate, json.RawMessage(f.Body), version)
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(v.Reference, productReference), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("no message shows %s: %w", v.Reference, err)
	}
	if bytes.Equal(f.Body, absent) {
		return jsonlive.Marshal(failure, protocolError{Error: "Unknown product", ProductID: id}, 0)
	}
	var product struct {
		InStock bool `json:"inStock"`
		Stock   int  `json:"stock"`
	}
	if err := json.Unmarshal(f.Body, &product); err != nil {
		return nil, fmt.Errorf("decode %s: %w", v.Reference, err)
	}
	return jsonlive.Marshal(inventoryUpdate, inventory{id, product.InStock, product.Stock}, version)
}

// Refuse makes the message for a refusal of the hub.
func (Protocol) Refuse(reason string) []byte { return refusal(protocolError{Error: reason}) }

func refusal(e protocolError) []byte {
	b, _ := jsonlive.Marshal(failure, e, 0) // strings and numbers, which cannot fail
	return b
}

// absent is the body of a product that does not exist, for Encode.
var absent = []byte("null")

// Gone returns the fragment for the view of a product that does not exist.
func (Protocol) Gone(v hub.View) (f hub.Fragment, ok bool) {
	id, ok := strings.CutPrefix(v.Reference, productReference)
	return hub.Fragment{Body: absent, ContentType: "application/json", Groups: []string{"product:" + id}}, ok
}
