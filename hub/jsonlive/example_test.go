package jsonlive_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// thermometer is a site with a single reference, and a client that may read it.
type thermometer struct{ degrees atomic.Int64 }

const reference = "/fragments/thermometer/now"

func (*thermometer) Session() string { return "" }

func (*thermometer) Look(_ context.Context, wanted string) (hub.Shown, error) {
	if wanted != reference {
		return hub.Shown{}, jsonlive.Refused(http.StatusNotFound)
	}
	return hub.Shown{View: jsonlive.NewView(reference, "")}, nil
}

func (*thermometer) Open(*http.Request, string) (hub.Page, error) { return hub.Page{}, hub.ErrToken }

func (t *thermometer) Fetch(context.Context, hub.View, time.Time) (hub.Fragment, error) {
	return jsonlive.Fragment(hub.Fragment{
		Body: fmt.Appendf(nil, `{"degrees":%d}`, t.degrees.Load()), ContentType: jsonlive.MediaType, Groups: []string{"weather"},
	}), nil
}

func (*thermometer) Renew(hub.Page) (string, time.Time) { return "", time.Time{} }

func Example() {
	ctx := context.Background()
	site := new(thermometer)
	site.degrees.Store(20)
	h, err := hub.New(site, hub.Options{Protocol: &jsonlive.Protocol{
		NewClient: func(*http.Request) jsonlive.Client { return site },
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(http.HandlerFunc(h.ServeJSON))
	defer server.Close()

	client, _, err := websocket.Dial(ctx, server.URL, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func() {
		var m struct {
			Type string
			Data struct{ Body json.RawMessage }
		}
		_, b, err := client.Read(ctx)
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		fmt.Println(m.Type, string(m.Data.Body), err)
	}
	_ = client.Write(ctx, websocket.MessageText, []byte(`{"type":"SUBSCRIBE","data":{"references":["/fragments/thermometer/now"]}}`))
	show()
	site.degrees.Store(21)
	h.Invalidate("weather")
	show()

	_ = client.CloseNow()
	fmt.Println(h.Close(ctx))
	// Output:
	// UPDATE {"degrees":20} <nil>
	// UPDATE {"degrees":21} <nil>
	// <nil>
}
