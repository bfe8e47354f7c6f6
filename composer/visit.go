package composer

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"selvedge/composer/registry"
)

// visit is one request for a page while its program runs. What a page that is
// stored with all its parts does not need is made only when it is asked for.
type visit struct {
	*Composer
	request *http.Request // nil: the visit is a view's
	limited bool          // of stored answers, only those are used that are from since or later
	varies  byte          // by write: what the answers vary on that stand within the one that is written
	age     uint32        // how long before the visit since is, in milliseconds
	answer  *Answer       // what the page frames, or nil
	host    string        // as the visitor knows it, empty for a view
	now     time.Time     // when the visit began

	audience unique.Handle[audience]

	generation uint64    // of the cache, then
	until      time.Time // for as long all that was taken from the cache is fresh

	base         context.Context
	lifeOnce     sync.Once
	life         context.Context // ends with the page
	cancel       context.CancelFunc
	headerOnce   sync.Once
	header       http.Header // what includes receive
	variableOnce sync.Once
	variables    atomic.Pointer[environment]

	includes atomic.Int32
	outdated atomic.Bool // an answer from before since was used nevertheless
	timings  timings
	output   output
	top      opened // the program of the page's template
	lists    *pageLists
	started  sync.WaitGroup // the goroutines of the visit
	views    []seen         // by write: what may be views of the page, so far
}

// visit begins a visit for a request. The caller ends it.
func (c *Composer) visit(r *http.Request, answer *Answer) *visit {
	v := &visit{
		Composer: c, request: r, answer: answer, base: r.Context(),
		host: r.Host, now: time.Now(), audience: unique.Make(audienceOf(r)),
	}
	v.borrow()
	if c.cache != nil {
		v.generation = c.cache.generation.Load()
	}
	v.until = v.now.Add(assembledTime)
	return v
}

// fresh notes for how long what was taken from the cache is fresh.
func (v *visit) fresh(u use) {
	if until := v.now.Add(u.ttl); until.Before(v.until) {
		v.until = until
	}
}

// visitView begins the visit of nobody in particular, for whom fragments are
// asked with a header. The caller ends it.
func (c *Composer) visitView(ctx context.Context, header http.Header) *visit {
	v := &visit{Composer: c, base: ctx, now: time.Now(), audience: nobody}
	v.borrow()
	v.headerOnce.Do(func() { v.header = header })
	return v
}

// context returns the context of all that is done for the page.
func (v *visit) context() context.Context {
	v.lifeOnce.Do(func() {
		v.life, v.cancel = context.WithDeadline(v.base, v.deadline())
	})
	return v.life
}

// deadline is when the page has to be complete.
func (v *visit) deadline() time.Time { return v.now.Add(v.options.PageTimeout) }

// fields returns the header with which the page's fragments are asked.
func (v *visit) fields() http.Header {
	v.headerOnce.Do(func() { v.header = v.includeFields(v.request) })
	return v.header
}

// environment returns what the request says to variables.
func (v *visit) environment() *environment {
	v.variableOnce.Do(func() {
		if v.request != nil {
			v.variables.Store(newEnvironment(v.request, v.options.ESICookies))
		} else {
			v.variables.Store(&environment{header: v.fields()})
		}
	})
	return v.variables.Load()
}

// ended is the context of a page that has ended before it needed one.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// end ends all fetches, and returns when they have ended.
func (v *visit) end() {
	v.lifeOnce.Do(func() { v.life, v.cancel = ended, func() {} })
	v.cancel()
	v.started.Wait()
	v.giveBack()
}

func (v *visit) key(at registry.Target) key { return key{at, v.audience} }

// query returns the question for a place. The answer, or its beginning, is
// waited for as long as given, and never longer than for the page.
func (v *visit) query(at registry.Target, wait time.Duration) *query {
	deadline := v.deadline()
	if until := time.Now().Add(wait); until.Before(deadline) {
		deadline = until
	}
	return &query{
		key: v.key(at), header: v, client: v.clientOf(v.request), ask: v.asks, life: v.context(), deadline: deadline, level: 1,
		demand: v.demand(), missed: v.limited,
	}
}

func (v *visit) session() string {
	if v.request == nil {
		return ""
	}
	return v.SessionID(v.request)
}
