package composer

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"time"
	"unique"

	"selvedge/composer/internal/breaker"
	"selvedge/composer/internal/header"
	"selvedge/composer/registry"
)

// query is what is asked of a place on behalf of a visitor.
type query struct {
	key
	text   string   // the address that asked for the place, as messages name it; empty: the place's own
	parsed *url.URL // see address; nil: nobody has it yet
	header lazyHeader
	client netip.Addr // of the visitor; see Composer.clientOf

	ask asker

	demand demand // what the visitor's request says to caches

	life     context.Context // ends with whatever the answer is for
	deadline time.Time       // of the answer, or of its beginning if it may come in pieces
	pieces   bool            // an answer may be used while it comes
	asked    time.Time       // when it was asked last
	received time.Time       // when the last answer began, or failed
	page     bool            // it is the template of a page, or a document
	level    int             // how deep it stands in others
	lifetime time.Duration   // of the answer, whatever that says of itself; 0: what it says
	patient  bool            // a slow document is kept: nobody waits for it, or a stale one can take its place
	noStore  bool            // the answer is neither stored nor taken from there
	missed   bool            // nothing fresh was stored a moment ago
}

// lazyHeader is the header of a request to a fragment. It is made only if
// somebody has to know it.
type lazyHeader interface{ fields() http.Header }

// fixedHeader is a header that is known.
type fixedHeader http.Header

func (h fixedHeader) fields() http.Header { return http.Header(h) }

// key is what a request to a fragment consists of, except for the header
// fields that only some responses vary on.
type key struct {
	registry.Target
	audience unique.Handle[audience] // in one word: every stored response has its key twice
}

// audience are those whom any response to a place may suit. Host and scheme are
// those that the visitor used: a fragment may write them into its links.
type audience struct {
	host     string
	secure   bool
	document bool // they ask with all that a browser says, and not for a fragment
}

// audienceOf returns the audience to which a visitor belongs who asks for
// fragments.
func audienceOf(r *http.Request) audience {
	return audience{host: r.Host, secure: header.Scheme(r) == "https"}
}

// nobody is the audience of an open page (see Composer.Render).
var nobody = unique.Make(audience{})

// admission describes the request for the query to the protection of its source.
func (q *query) admission() breaker.Request {
	return breaker.Request{Method: http.MethodGet, Target: q.URI, Client: q.client}
}

// name is how messages name what is asked for.
func (q *query) name() string {
	if q.text != "" {
		return q.text
	}
	return q.String()
}

// address is the URL of the place. It is not ours to change.
func (q *query) address() (*url.URL, error) {
	if q.parsed != nil {
		return q.parsed, nil
	}
	return q.URL()
}

// limit bounds the body of an answer, in bytes.
func (c *Composer) limit(q *query) int {
	if q.page {
		return c.options.MaxPage
	}
	return c.options.MaxFragment
}

// obtain returns what a place answers: from the cache, or by asking. Any
// status is an answer, which others may have too, so that it must not be
// changed. Its body may still be coming if the query says that it may. The
// error is a *FetchError.
func (c *Composer) obtain(q *query) (*response, use, error) {
	now := time.Now()
	if c.cache != nil && !q.noStore && !q.missed {
		if answer, u := c.cache.hit(q.key, q.header, now); answer != nil {
			return answer, u, nil
		}
	}
	ctx, term := q.context(now)
	answer, u, err := c.miss(ctx, q)
	if term.over(); err != nil {
		return nil, u, &FetchError{Reference: q.name(), Err: err}
	}
	return answer, u, nil
}

// miss asks for what the cache does not have.
func (c *Composer) miss(ctx context.Context, q *query) (*response, use, error) {
	if c.cache != nil && !q.noStore {
		return c.cache.get(ctx, q)
	}
	answer, pump, err := q.ask(ctx, q, q.header.fields())
	if err != nil || answer.coming == nil {
		return answer, use{forward: forwardAll}, err
	}
	if q.pieces {
		go pump()
		return answer, use{forward: forwardAll}, nil
	}
	pump()
	answer, err = answer.whole(ctx)
	return answer, use{forward: forwardAll}, err
}

// term is the time for which an answer is waited for.
type term struct{ timer *time.Timer } // nil: it is the life of the query

// over says that the answer has begun, or will not come.
func (t term) over() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

// context returns the context of asking, which begins now. It ends with the life
// of the query, and at the deadline unless the term is over by then.
func (q *query) context(now time.Time) (context.Context, term) {
	if end, ok := q.life.Deadline(); ok && !q.deadline.Before(end) {
		return q.life, term{}
	}
	ctx, end := context.WithCancelCause(q.life)
	return ctx, term{time.AfterFunc(q.deadline.Sub(now), func() { end(context.DeadlineExceeded) })}
}
