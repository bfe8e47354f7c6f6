package liveprotocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"selvedge/fragments"
	"selvedge/hub"
)

// maxProducts is the most products in a message. The limit of views in a connection may
// be higher, or missing.
const maxProducts = 100

// clientMessage is a message from a client. A version and a timestamp are allowed, as in
// messages to the client, and have no meaning.
type clientMessage struct {
	Type      string          `json:"type"`
	Data      json.RawMessage `json:"data"`
	Version   json.RawMessage `json:"version"`
	Timestamp json.RawMessage `json:"timestamp"`
}

// Receive reads a message about the cart or about products. The reply to a wrong message is an error; the connection stays
// open.
func (Protocol) Receive(session string, message []byte) hub.Reply {
	var m clientMessage
	views, err := []hub.View(nil), fragments.Unmarshal(message, &m)
	if err == nil {
		views, err = m.views(session)
	}
	if err != nil {
		return hub.Reply{Message: refusal(describe(err))}
	}
	return hub.Reply{Show: views}
}

// views returns the views that the client asks for. The error is a *Problem or
// errTooMany.
func (m clientMessage) views(session string) ([]hub.View, error) {
	switch m.Type {
	case "CART_REQUEST":
		return []hub.View{cartView(session)}, m.wantNoData()
	case "SUBSCRIBE":
		return m.products()
	}
	return nil, invalid("The type is CART_REQUEST, SUBSCRIBE or UNSUBSCRIBE.")
}

func (m clientMessage) wantNoData() error {
	if m.Data == nil || string(m.Data) == "null" {
		return nil
	}
	return fragments.Unmarshal(m.Data, &struct{}{})
}

var errTooMany = errors.New("too many products")

func (m clientMessage) products() ([]hub.View, error) {
	var data struct {
		Products []int64 `json:"products"`
	}
	if err := fragments.Unmarshal(m.Data, &data); err != nil {
		return nil, err
	}
	switch {
	case len(data.Products) == 0:
		return nil, invalid(`The data names products by their numbers: {"products": [1, 2]}.`)
	case len(data.Products) > maxProducts:
		return nil, errTooMany
	}
	var views []hub.View
	for _, id := range data.Products {
		if id < 1 {
			return nil, invalid("The number of a product is 1 or more.")
		}
		views = append(views, productView(id))
	}
	return views, nil
}

func invalid(detail string) error {
	return &fragments.Problem{Status: http.StatusBadRequest, Detail: detail}
}

// describe returns an error of Receive for the client.
func describe(err error) protocolError {
	if errors.Is(err, errTooMany) {
		return protocolError{Error: hub.ReasonViews, Detail: fmt.Sprintf("One message names %d products at most.", maxProducts)}
	}
	e := protocolError{Error: "Invalid message format"}
	if problem := (*fragments.Problem)(nil); errors.As(err, &problem) {
		e.Detail = problem.Detail
	}
	return e
}
