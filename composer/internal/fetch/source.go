package fetch

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"selvedge/composer/esi"
	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/encoding"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// Fetch sends the request to its source. See [cache.Fetcher].
func (q *Request) Fetch(ctx context.Context, h http.Header, _ bool) (cache.Fetched, error) {
	f := q.Fetcher
	r, err := q.newHTTPRequest(ctx, h)
	if err != nil {
		return cache.Fetched{}, err
	}
	permit, err := f.GuardOf(q.Backend).Acquire(ctx, q.Admission())
	if err != nil {
		return cache.Fetched{}, err
	}
	var fetched cache.Fetched
	if handler := q.Backend.Handler; handler != nil {
		fetched, err = f.callHandler(handler, r, q, permit.StartedAt)
	} else {
		fetched, err = f.request(r, q, permit)
	}
	switch pump := fetched.Pump; {
	case err != nil:
		permit.RecordRefusal(ctx, err)
	case pump == nil:
		permit.RecordResponse(fetched.Status)
		f.warnNotOptedIn(q, fetched.Response, fetched.Body)
	default:
		r := fetched.Response
		fetched.Pump = func() {
			defer permit.Release()
			pump()
			permit.RecordEnd(r.Status, r.Coming.Err())
			f.warnNotOptedIn(q, r, r.Coming.Bytes())
		}
		return fetched, nil
	}
	permit.Release()
	return fetched, err
}

// request sends a request to a different process.
func (f *Fetcher) request(r *http.Request, q *Request, permit *breaker.Permit) (cache.Fetched, error) {
	client := f.options.Client
	if q.Backend.Guarded {
		client = f.options.AllowedHosts
	}
	res, err := client.Do(r, q)
	for err != nil && permit.Retry(r, err) {
		res, err = client.Do(r, q)
	}
	if err != nil {
		return cache.Fetched{}, cmp.Or(context.Cause(r.Context()), err)
	}
	begun := f.Begin(q, permit.StartedAt, res.StatusCode, res.Header)
	err = checkStatus(res.StatusCode)
	var body io.ReadCloser
	if err == nil {
		body, err = f.Decode(q, begun, res)
	}
	if err != nil {
		_ = res.Body.Close()
		return cache.Fetched{}, err
	}
	return f.Receive(r.Context(), q, begun, body, f.Compiles(res.Header))
}

// checkStatus returns an error for a status outside of the final statuses.
func checkStatus(status int) error {
	if status < 200 || status > 599 {
		return fmt.Errorf("the answer has the status %d", status)
	}
	return nil
}

// Begun is a response after its header has been received.
type Begun struct {
	*cache.Response
	Head                    document.Head
	RequestedAt, ReceivedAt time.Time
}

// Begin returns a response for a header received at this moment.
func (f *Fetcher) Begin(q *Request, requestedAt time.Time, status int, h http.Header) Begun {
	received := time.Now()
	policy := f.policy(q.Target, h, received.Add(-header.InitialAge(h, requestedAt, received)), received)
	f.warnUnreadType(q, h)
	var links []header.Link
	var stylesheets []string
	if len(h["Link"]) > 0 {
		links = header.ParseLinks(h, q.linkBase())
		isSuccess := status >= 200 && status < 300
		if isSuccess && !q.Backend.Guarded { // an allowed host has paths of its own site
			stylesheets = f.Stylesheets.learn(q.Backend, h)
		}
	}
	r := cache.NewResponse(q.Key, status, h, policy)
	return Begun{r, document.NewHead(h, links, stylesheets), requestedAt, received}
}

// Fetched returns the response as the result of a fetch. pump may be nil.
func (b Begun) Fetched(pump func()) cache.Fetched {
	return cache.Fetched{Response: b.Response, Pump: pump, RequestedAt: b.RequestedAt, ReceivedAt: b.ReceivedAt}
}

// Finish gives the response its complete body.
func (b Begun) Finish(body []byte, program *esi.Program) cache.Fetched {
	b.Head.Finish(b.Response, body, program)
	return b.Fetched(nil)
}

// Decode returns the decoded body of res. It removes the content codings from the header
// of the response.
func (f *Fetcher) Decode(q *Request, begun Begun, res *http.Response) (io.ReadCloser, error) {
	coding := header.ContentCoding(res.Header)
	f.warnUnknownCoding(q, coding)
	body, err := encoding.DecodeBody(coding, res.Body, f.Limit(q))
	if err == nil {
		begun.removeCoding(coding)
	}
	return body, err
}

func (b Begun) removeCoding(coding string) {
	if coding != "" {
		b.Header = b.Header.Without("Content-Encoding", "Content-Length")
	}
}

// contentLength returns the length of the body in bytes, or -1 if it is unknown.
func (b Begun) contentLength() int {
	n, err := strconv.Atoi(b.Header.Get("Content-Length"))
	if err != nil {
		return -1
	}
	return n
}

// ReadStart reads the first bytes of the body. With isWhole, they are the whole body,
// because a small body often arrives with its header. A body of more than limit bytes is
// never whole.
func (b Begun) ReadStart(body io.Reader, limit int) (first []byte, isWhole bool, err error) {
	length := b.contentLength()
	first = make([]byte, min(uint(length), stream.ReadBuffer, uint(limit))) // uint(-1) is large
	n, err := body.Read(first)
	if err == io.EOF || err == nil && n == length {
		return first[:n], true, nil
	}
	return first[:n], false, err
}

// Receive reads a body, or its beginning if the rest is still arriving. With compile, the
// body is read as ESI.
func (f *Fetcher) Receive(ctx context.Context, q *Request, begun Begun, body io.ReadCloser, compile bool) (cache.Fetched, error) {
	limit, as := f.Limit(q), f.reading(begun, compile)
	if begun.contentLength() > limit {
		_ = body.Close()
		return cache.Fetched{}, stream.ErrTooLarge
	}
	first, isWhole, err := begun.ReadStart(body, limit)
	if err != nil {
		_ = body.Close()
		return cache.Fetched{}, cmp.Or(context.Cause(ctx), err)
	}
	if isWhole {
		_ = body.Close()
		return begun.Finish(first, f.compile(q, first, as)), nil
	}
	coming := begun.Head.Receive(begun.Response, first, limit, as)
	return begun.Fetched(func() {
		defer func() { _ = body.Close() }()
		coming.End(coming.Fill(ctx, first, body))
		f.logTemplateWarnings(q, document.ComingProgram(coming))
	}), nil
}

// compile returns the program of a complete body, or nil if the body is not read as ESI.
func (f *Fetcher) compile(q *Request, body []byte, as document.Reading) *esi.Program {
	program := document.Compile(body, as)
	f.logTemplateWarnings(q, program)
	return program
}
