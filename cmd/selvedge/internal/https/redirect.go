package https

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// maxHeader limits the header of a plain request, in bytes.
const maxHeader = 64 << 10

// answerPlain answers the plain request on a connection, of which the first bytes were read.
func answerPlain(c net.Conn, first []byte) {
	limited := &io.LimitedReader{R: io.MultiReader(bytes.NewReader(first), c), N: maxHeader}
	r, err := http.ReadRequest(bufio.NewReader(limited))
	status, location := http.StatusBadRequest, ""
	switch {
	case err != nil && limited.N == 0:
		status = http.StatusRequestHeaderFieldsTooLarge
	case err == nil:
		if location = secureLocation(r); location != "" {
			status = http.StatusPermanentRedirect
		}
	}
	if newResponse(r, status, location).Write(c) == nil { //nolint:bodyclose // a response to write has no body to close
		linger(c)
	}
}

// secureLocation returns the address of a request with https, or an empty text if the
// request has no host, or no path.
func secureLocation(r *http.Request) string {
	target := r.URL.RequestURI()
	if r.Host == "" || !httpguts.ValidHostHeader(r.Host) || r.Method == http.MethodConnect || !strings.HasPrefix(target, "/") {
		return ""
	}
	return "https://" + r.Host + escape(target)
}

// escape percent-encodes the bytes that no URL has. A line feed in a Location would begin
// another field (HTTP response splitting).
func escape(target string) string {
	var b strings.Builder
	for _, c := range []byte(target) {
		if c <= ' ' || c >= 0x7f {
			_, _ = fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// newResponse returns a response of a few words. An empty location is left out, and a nil
// request is that of a GET.
func newResponse(r *http.Request, status int, location string) *http.Response {
	text := http.StatusText(status) + "\n"
	res := &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r, Close: true,
		Header: http.Header{
			"Content-Type": {"text/plain; charset=utf-8"},
			"Date":         {time.Now().UTC().Format(http.TimeFormat)},
		},
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
	}
	if location != "" {
		res.Header.Set("Location", location)
	}
	return res
}

// linger waits until the client has closed the connection, or has sent 64 KiB more, because
// a connection that is closed before its bytes are read is reset, and the client may lose
// the response (RFC 9112 §9.6).
func linger(c net.Conn) {
	half, ok := c.(interface{ CloseWrite() error })
	if ok && half.CloseWrite() == nil {
		_, _ = io.CopyN(io.Discard, c, maxHeader)
	}
}
