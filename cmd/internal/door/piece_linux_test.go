package door

import (
	"bytes"
	"net"
	"net/http"
	"testing"
)

// TestAnAnswerLeavesInOnePiece reads as much as there is, many times: a header
// that leaves with a part of the body is seen at the latest then.
func TestAnAnswerLeavesInOnePiece(t *testing.T) {
	body := bytes.Repeat([]byte("x"), 30_000)
	server := &http.Server{ //nolint:gosec // for this test alone
		ConnContext: WithConn,
		Handler: InOnePiece(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Length"] = []string{"30000"}
			_, _ = w.Write(body)
		})),
	}
	all := listen(t, "127.0.0.1:0")
	ended := make(chan error, len(all))
	for _, l := range all {
		go func() { ended <- server.Serve(l) }()
	}
	t.Cleanup(func() {
		_ = server.Close()
		for range all {
			<-ended //nolint:errcheck // it was told to end
		}
	})
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", all[0].Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	buffer := make([]byte, 64<<10)
	for i := range 200 {
		if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		n, err := c.Read(buffer)
		if head, text, _ := bytes.Cut(buffer[:n], []byte("\r\n\r\n")); err != nil || !bytes.Equal(text, body) {
			t.Fatalf("answer %d: the first read has %d bytes of header and %d of %d bytes of body, %v; want all", i, len(head), len(text), len(body), err)
		}
	}
}
