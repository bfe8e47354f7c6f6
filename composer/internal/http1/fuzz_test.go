package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is what a request comes to.
type outcome struct {
	Status          int
	Header, Trailer http.Header
	Body            string
	Length          int64
	Failed, Broken  bool // without an answer, in its body
}

func outcomeOf(through http.RoundTripper, r *http.Request) (outcome, error) {
	res, err := through.RoundTrip(r)
	if err != nil {
		return outcome{Failed: true}, err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	return outcome{res.StatusCode, res.Header, res.Trailer, string(b), res.ContentLength, false, err != nil}, nil
}

// FuzzAnswer lets a server send anything and close the connection. It comes to
// the same as through http.Transport, except for what is refused on purpose: a
// length that is ambiguous, a field with no name, a switch of the protocol, and
// more than a few informational responses. The length and the name are refused by
// roundTrip, too.
func FuzzAnswer(f *testing.F) {
	discardLog(f)
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\nhello",
		"HTTP/1.1 200 OK\nContent-Length : 5\n\nhello",
		"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
		"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length:\r\n 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"HTTP/1.0 200\r\n\r\nhello",
		"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nhello",
		"HTTP/1.1 101 Switching Protocols\r\n\r\nhello",
		"HTTP/1.1 099 x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
		"HTTP/1.1 200 OK\r\nPragma: no-cache\r\nConnection: close\r\n\r\n",
		"ICY 200 OK\r\n\r\n", "\r\n", "",
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		dial := func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				defer func() { _ = theirs.Close() }()
				if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
					_, _ = theirs.Write(answer)
				}
			}()
			return ours, nil
		}
		client := New(dial, 0, 1)
		defer client.CloseIdleConnections()
		got, err := outcomeOf(client, getting(t.Context(), t, "http://shop.example/"))
		if errors.Is(err, errProtocolSwitch) || errors.Is(err, ErrInformational) {
			return
		}
		if errors.Is(err, errAmbiguousLength) || errors.Is(err, errStatusLine) || errors.Is(err, errFieldName) {
			strict := newTransport(client)
			defer strict.CloseIdleConnections()
			if got, _ := outcomeOf(strict, getting(t.Context(), t, "http://shop.example/")); !got.Failed {
				t.Errorf("%q has the error %v, and through roundTrip it comes to %v", answer, err, got)
			}
			return
		}
		transport := &http.Transport{DialContext: dial, DisableCompression: true, MaxResponseHeaderBytes: maxHeader}
		defer transport.CloseIdleConnections()
		want, wantErr := outcomeOf(transport, getting(t.Context(), t, "http://shop.example/"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q comes to something else than through http.Transport, %v and not %v (-want +got):\n%s", answer, err, wantErr, diff)
		}
	})
}
