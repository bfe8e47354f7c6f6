package composer

import (
	"fmt"
	"net/http"
)

// roundTrip sends a request over a transport of net/http, and takes no response
// that the client for GETs would not take (see connection.header): whether a
// response is one must not depend on the method.
func roundTrip(transport *http.Transport, r *http.Request) (*http.Response, error) {
	res, err := transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	err = checkNames(res.Header)
	if res.StatusCode < http.StatusContinue { // which net/http cannot write
		err = fmt.Errorf("the answer has the status %03d", res.StatusCode)
	}
	if err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return res, nil
}
