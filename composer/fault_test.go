package composer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// faulty is a connection to an origin that does something else than it should.
// Each of its methods ends when the connection does.
type faulty struct {
	net.Conn
	sent *atomic.Int64 // bytes
}

func (f faulty) say(s string) error {
	n, err := io.WriteString(f.Conn, s)
	f.sent.Add(int64(n))
	return err
}

// sayForEver says the same again and again, with a pause if there is one.
func (f faulty) sayForEver(s string, pause time.Duration) {
	for f.say(s) == nil {
		time.Sleep(pause)
	}
}

// hang says nothing more.
func (f faulty) hang() { _, _ = io.Copy(io.Discard, f.Conn) }

const (
	okay    = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSurrogate-Control: content=\"ESI/1.0\"\r\n"
	chunked = okay + "Transfer-Encoding: chunked\r\n\r\n"
)

// faults are what may become of a request.
var faults = []struct {
	name string
	meet func(faulty)
}{
	{"hangs up", func(faulty) {}},
	{"hangs", faulty.hang},
	{"hangs in its status line", func(f faulty) { _ = f.say("HTTP/1."); f.hang() }},
	{"hangs in its header", func(f faulty) { _ = f.say(okay + "Content-Ty"); f.hang() }},
	{"hangs up in its header", func(f faulty) { _ = f.say(okay + "Content-Ty") }},
	{"has a header without end", func(f faulty) { _ = f.say(okay); f.sayForEver("X: "+strings.Repeat("x", 1000)+"\r\n", 0) }},
	{"has a header field without end", func(f faulty) { _ = f.say(okay + "X: "); f.sayForEver(strings.Repeat("x", 1000), 0) }},
	{"speaks no HTTP", func(f faulty) { _ = f.say("SSH-2.0-OpenSSH_9\r\n"); f.hang() }},
	{"has two lengths", func(f faulty) { _ = f.say(okay + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"); f.hang() }},
	{"has a length that is none", func(f faulty) { _ = f.say(okay + "Content-Length: -1\r\n\r\nab"); f.hang() }},
	{"hangs before its body", func(f faulty) { _ = f.say(okay + "Content-Length: 10\r\n\r\n"); f.hang() }},
	{"hangs in its body", func(f faulty) { _ = f.say(okay + "Content-Length: 10\r\n\r\nsecret"); f.hang() }},
	{"hangs up in its body", func(f faulty) { _ = f.say(okay + "Content-Length: 10\r\n\r\nsecret") }},
	{"hangs up between chunks", func(f faulty) { _ = f.say(chunked + "6\r\nsecret\r\n") }},
	{"has a chunk that is none", func(f faulty) { _ = f.say(chunked + "6\r\nsecret\r\nx\r\n"); f.hang() }},
	{"hangs between chunks", func(f faulty) { _ = f.say(chunked + "6\r\nsecret\r\n"); f.hang() }},
	{"sends a byte a second", func(f faulty) { _ = f.say(chunked); f.sayForEver("1\r\nx\r\n", time.Second) }},
	{"sends a byte a second of its header", func(f faulty) { _ = f.say(okay); f.sayForEver("x", time.Second) }},
	{"says that it is too long", func(f faulty) {
		_ = f.say(okay + "Content-Length: 10000000000\r\n\r\n")
		f.sayForEver(strings.Repeat("x", 1000), 0)
	}},
	{"has no end", func(f faulty) { _ = f.say(chunked); f.sayForEver("3e8\r\n"+strings.Repeat("x", 1000)+"\r\n", 0) }},
	{"has no end, and no length either", func(f faulty) { _ = f.say(okay + "\r\n"); f.sayForEver(strings.Repeat("x", 1000), 0) }},
	{"is a bomb", func(f faulty) { _ = f.say(okay + "Content-Encoding: gzip\r\n\r\n" + bomb) }},
	{"is a bomb in a bomb", func(f faulty) { _ = f.say(okay + "Content-Encoding: gzip, gzip\r\n\r\n" + pack(bomb)) }},
	{"is broken gzip", func(f faulty) { _ = f.say(okay + "Content-Encoding: gzip\r\n\r\n" + bomb[:100]) }},
	{"is in a coding that nobody knows", func(f faulty) { _ = f.say(okay + "Content-Encoding: secret\r\n\r\nx") }},
	{"leads to itself", func(f faulty) {
		_ = f.say("HTTP/1.1 302 Found\r\nLocation: /fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}},
	{"informs without end", func(f faulty) { f.sayForEver("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", 0) }},
	{"informs slowly without end", func(f faulty) { f.sayForEver("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", time.Second) }},
	{"switches protocols", func(f faulty) {
		_ = f.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		f.hang()
	}},
	{"has a status that is none", func(f faulty) { _ = f.say("HTTP/1.1 999 What\r\nContent-Length: 6\r\n\r\nsecret") }},
	{"answers 304 to a request without a condition", func(f faulty) { _ = f.say("HTTP/1.1 304 Not Modified\r\n\r\n") }},
}

// bomb are 64 MiB of zeros.
var bomb = pack(string(make([]byte, 64<<20)))

func pack(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

// budget are the options of the tests of faults: what a page may cost.
var budget = composer.Options{
	MaxWait: 2 * time.Second, PageTimeout: 5 * time.Second, ActionTimeout: 4 * time.Second, MaxFragment: 64 << 10, MaxPage: 256 << 10, MaxInFlight: 1,
	ObeyRequestCacheControl: true,
}

// slack is what may have been read beyond a limit, in bytes: the buffers of
// http.Transport, and ours.
const slack = 64 << 10

// TestNoFaultOfAnOriginCostsMoreThanItsBudget ends in each case with nothing
// that is left: a bubble does not end before the last of its goroutines has.
func TestNoFaultOfAnOriginCostsMoreThanItsBudget(t *testing.T) {
	const header = 256 << 10
	tests := []struct {
		name, request string
		whole         string // the page, if it is whole in spite of the fault
		within        time.Duration
		bytes         int64 // that are read of the origin
	}{
		{"an include that something can stand in for", "GET /fallback", "(none)", budget.MaxWait, header + slack},
		{"an include in an attempt", "GET /attempt", "(none)", budget.MaxWait, header + slack},
		{"an include that may be missing", "GET /missing", "()", budget.MaxWait, header + slack},
		{"an include that may follow", "GET /follow", "(none)", budget.MaxWait, header + slack},
		{"an include that is primary", "GET /primary", "", budget.MaxWait, header + slack},
		{"an include", "GET /page", "", budget.PageTimeout, header + slack},
		{"a template", "GET /template", "", budget.PageTimeout, header + slack},
		{"a template that answers a form", "POST /template", "", budget.PageTimeout, header + slack},
		{"a template for who wants nothing stored", "GET /template|Cache-Control: no-store", "", budget.PageTimeout, header + slack},
	}
	for _, test := range tests {
		for _, fault := range faults {
			t.Run(test.name+" that "+fault.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var sent atomic.Int64
					b := newBubble(t, budget, meeting(&sent, fault.meet))
					began := time.Now()
					got := b.ask(t, test.request)
					if took := time.Since(began); took > test.within {
						t.Errorf("the page took %v; want %v at most", took, test.within)
					}
					switch {
					case test.whole != "" && (got.body != test.whole || got.err != nil):
						t.Errorf("page = %d %q, %v; want %q", got.status, got.body, got.err, test.whole)
					case test.whole == "" && got.status < 300 && got.err == nil:
						t.Errorf("page = %d %.100q; want an error, or that it is cut off", got.status, got.body)
					}
					if n := sent.Load(); n > test.bytes {
						t.Errorf("%d bytes were read of the origin; want %d at most", n, test.bytes)
					}
					if got := b.ask(t, "GET /good").body; got != "good" {
						t.Errorf("the next answer is %q; want good: the place was not given back", got)
					}
					time.Sleep(2 * time.Second) // until the origin has noticed
				})
			})
		}
	}
}

// meeting is an origin with a fault. Pages include it in all ways.
func meeting(sent *atomic.Int64, fault func(faulty)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		handlers := paths{
			"/good":     piece("good"),
			"/fallback": template(`(<esi:include src="/fault">none</esi:include>)`),
			"/attempt":  template("(" + try(`<esi:include src="/fault"/>`, "none") + ")"),
			"/missing":  template(`(<esi:include src="/fault" onerror="continue"/>)`),
			"/follow":   template(`(<esi:include src="/fault" redirect="follow">none</esi:include>)`),
			"/primary":  template(`(<esi:include src="/fault" primary="primary"/>)`),
			"/page":     template(`(<esi:include src="/fault"/>)`),
		}
		if h := handlers[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = conn.Close() }()
		fault(faulty{conn, sent})
	}
}

// TestADocumentOfAFaultyOriginIsNeverTakenForWhole holds for what is handed on
// as it comes too. How long that may go on is up to its visitor.
func TestADocumentOfAFaultyOriginIsNeverTakenForWhole(t *testing.T) {
	const stays = time.Minute
	for _, fault := range faults {
		switch fault.name {
		case "is a bomb", "is a bomb in a bomb", "is broken gzip", "is in a coding that nobody knows", "leads to itself": // are the visitor's
			continue
		}
		for _, request := range []string{"GET /fault", "GET /fault|Cache-Control: no-store", "POST /fault"} {
			t.Run("that "+fault.name+", to "+request, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var sent atomic.Int64
					b := newBubble(t, budget, meeting(&sent, func(f faulty) {
						f.Conn = &plain{f.Conn}
						fault.meet(f)
					}))
					ctx, leave := context.WithTimeout(t.Context(), stays)
					defer leave()
					began := time.Now()
					w := &impatient{recording: newRecording(), leave: leave, left: 10 << 20}
					err := b.serve(ctx, w, request)
					if took := time.Since(began); took > budget.PageTimeout && took != stays {
						t.Errorf("it took %v; want %v at most, or until the visitor leaves", took, budget.PageTimeout)
					}
					if w.status < 300 && err == nil {
						t.Errorf("answer = %d %.100q; want an error, or that it is cut off", w.status, w.body.String())
					}
					if got := b.ask(t, "GET /good").body; got != "good" {
						t.Errorf("the next answer is %q; want good: the place was not given back", got)
					}
					time.Sleep(2 * time.Second) // until the origin has noticed
				})
			})
		}
	}
}

// plain takes the opt-in out of what is said.
type plain struct{ net.Conn }

func (p *plain) Write(b []byte) (int, error) {
	_, err := p.Conn.Write(bytes.ReplaceAll(b, []byte("Surrogate-Control: content=\"ESI/1.0\"\r\n"), nil))
	return len(b), err
}

// impatient is a visitor who leaves after so many bytes.
type impatient struct {
	*recording
	leave func()
	left  int
}

func (w *impatient) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left <= 0 {
		w.leave()
		return 0, net.ErrClosed
	}
	return w.recording.Write(p)
}

func TestAnOriginThatRefusesIsABadGatewayAndAFailedInclude(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, budget, paths{"/page": with("Cache-Control: max-age=60, stale-if-error=60", template(`(<esi:include src="/part">none</esi:include>)`))}.serve)
		b.ask(t, "GET /page")
		b.refuse()
		for _, test := range []struct {
			request, want string
			status        int
		}{
			{"GET /page", "(none)", 200},
			{"GET /x", "Bad Gateway\n", 502},
			{"GET /x|Cache-Control: no-store", "Bad Gateway\n", 502},
			{"POST /x", "Bad Gateway\n", 502},
		} {
			if got := b.ask(t, test.request); got.status != test.status || got.body != test.want {
				t.Errorf("%s = %d %q; want %d %q", test.request, got.status, got.body, test.status, test.want)
			}
		}
	})
}
