package liveprotocol

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"selvedge/composer"
	"selvedge/hub"
)

// messages checks messages against one side of the published schema.
func messages(t testing.TB, side string) *jsonschema.Schema {
	t.Helper()
	const name = "live.schema.json"
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
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

func TestReceiveAndTheSchemaAgree(t *testing.T) {
	mine := hub.View{Reference: "/fragments/cart/api/cart", Variant: "Accept: application/json\nCookie: session=s\n"}
	products := func(ids ...string) []hub.View {
		var views []hub.View
		for _, id := range ids {
			views = append(views, hub.View{Reference: "/fragments/productdetails/api/products/" + id, Variant: "Accept: application/json\n"})
		}
		return views
	}
	hundred := "1" + strings.Repeat(",1", 99)
	tests := []struct {
		name, message string
		want          []hub.View
	}{
		{"the cart", `{"type":"CART_REQUEST"}`, []hub.View{mine}},
		{"the cart, with no data", ` {"type":"CART_REQUEST","data":null} `, []hub.View{mine}},
		{"the cart, with empty data", `{"data":{},"type":"CART_REQUEST","version":0,"timestamp":1.5}`, []hub.View{mine}},
		{"products", `{"type":"SUBSCRIBE","data":{"products":[1,42]}}`, products("1", "42")},
		{"products, with version and time", `{"type":"SUBSCRIBE","data":{"products":[7]},"version":null,"timestamp":"now"}`, products("7")},
		{"as many as one message may name", `{"type":"SUBSCRIBE","data":{"products":[` + hundred + `]}}`, products(strings.Split(hundred, ",")...)},
		{"one product more", `{"type":"SUBSCRIBE","data":{"products":[` + hundred + `,1]}}`, nil},
		{"no object", `null`, nil},
		{"no type", `{"data":{}}`, nil},
		{"another type", `{"type":"cart_request"}`, nil},
		{"a field too many", `{"type":"CART_REQUEST","session":"t"}`, nil},
		{"a cart with data", `{"type":"CART_REQUEST","data":{"id":1}}`, nil},
		{"a cart with a list", `{"type":"CART_REQUEST","data":[]}`, nil},
		{"no data", `{"type":"SUBSCRIBE"}`, nil},
		{"data that is null", `{"type":"SUBSCRIBE","data":null}`, nil},
		{"data with a field too many", `{"type":"SUBSCRIBE","data":{"products":[1],"all":true}}`, nil},
		{"no products", `{"type":"SUBSCRIBE","data":{"products":[]}}`, nil},
		{"products that are null", `{"type":"SUBSCRIBE","data":{"products":null}}`, nil},
		{"a product that is null", `{"type":"SUBSCRIBE","data":{"products":[null]}}`, nil},
		{"a product below 1", `{"type":"SUBSCRIBE","data":{"products":[-1]}}`, nil},
		{"half a product", `{"type":"SUBSCRIBE","data":{"products":[1.5]}}`, nil},
		{"a product as text", `{"type":"SUBSCRIBE","data":{"products":["1"]}}`, nil},
	}
	schema := messages(t, "client")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Protocol{}.Receive("s", []byte(test.message))
			if diff := cmp.Diff(test.want, got.Show); diff != "" {
				t.Errorf("shows (-want +got):\n%s", diff)
			}
			if refused := len(got.Message) > 0; refused != (test.want == nil) {
				t.Errorf("the answer is %q; want one only if it shows nothing", got.Message)
			}
			if err := validate(schema, []byte(test.message)); (err == nil) != (test.want != nil) {
				t.Errorf("the schema says %v of it", err)
			}
		})
	}
}

// FuzzReceive wants an error or views, never both or neither; that every
// answer is as the schema says, and that every message is which is understood.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"type":"CART_REQUEST"}`, `{"type":"CART_REQUEST","data":{},"version":1,"timestamp":1}`,
		`{"type":"SUBSCRIBE","data":{"products":[1,2,9223372036854775807]}}`, `{"type":"SUBSCRIBE","data":{"products":[0]}}`,
		`{"type":"CART_REQUEST"}{}`, `{"type":"\u0000<\ud800"}`, `[[[[`, "\xff", ``,
	} {
		f.Add("00112233445566778899aabbccddeeff", []byte(seed))
	}
	client, server := messages(f, "client"), messages(f, "server")
	f.Fuzz(func(t *testing.T, session string, message []byte) {
		got := Protocol{}.Receive(session, message)
		if (len(got.Message) > 0) == (len(got.Show) > 0) {
			t.Fatalf("Receive(%q) = %q and %d views; want one of them", message, got.Message, len(got.Show))
		}
		if len(got.Message) > 0 {
			if err := validate(server, got.Message); err != nil {
				t.Errorf("Receive(%q) answers %s: %v", message, got.Message, err)
			}
			return
		}
		if err := validate(client, message); err != nil {
			t.Errorf("Receive(%q) understands what the schema does not: %v", message, err)
		}
		for _, v := range got.Show {
			if _, err := composer.ParseReference(v.Reference); err != nil {
				t.Error(err)
			}
			if v.Reference != cartReference && !strings.HasPrefix(v.Reference, productReference) {
				t.Errorf("Receive(%q) shows %s", message, v.Reference)
			}
		}
	})
}

func TestEncodeRefusesWhatItCannotSay(t *testing.T) {
	tests := []struct{ name, reference, body string }{
		{"a broken cart", cartReference, `{"lines":`},
		{"a broken product", productReference + "1", `{"stock":"many"}`},
		{"another view", "/fragments/cart/mini", `{}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, err := Protocol{}.Encode(hub.View{Reference: test.reference}, hub.Fragment{Body: json.RawMessage(test.body)}, 1)
			if err == nil {
				t.Errorf("Encode = %s; want an error", b)
			}
		})
	}
}
