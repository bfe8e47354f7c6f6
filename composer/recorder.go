package composer

import (
	"bytes"
	"net/http"
	"strconv"
)

// recorder is the ResponseWriter of a fragment in this process: it keeps the
// answer in memory, up to a limit.
type recorder struct {
	header   http.Header
	status   int
	body     bytes.Buffer
	limit    int
	tooLarge bool
}

func newRecorder(limit int) *recorder {
	return &recorder{header: make(http.Header), limit: limit}
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
}

// Write keeps p, or fails for good once the limit is passed.
func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if r.tooLarge || r.body.Len()+len(p) > r.limit {
		r.tooLarge = true
		return 0, errTooLarge
	}
	return r.body.Write(p)
}

// response returns what was written. The recorder must not be used after it.
func (r *recorder) response() (*response, error) {
	if r.tooLarge {
		return nil, errTooLarge
	}
	r.WriteHeader(http.StatusOK)
	if length := r.header.Get("Content-Length"); length != "" && length != strconv.Itoa(r.body.Len()) {
		return nil, errLength
	}
	if err := usable(r.status, r.header); err != nil {
		return nil, err
	}
	return &response{status: r.status, header: r.header, body: r.body.Bytes()}, nil
}
