package composer_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// The sizes at which the cost of hostile values is compared, in bytes. Twice the
// text may cost 2.5 times as much: what is in proportion costs twice, and what
// compares each element with each other one four times.
const (
	halfSize, wholeSize = 30 << 10, 60 << 10
	maxGrowth           = 2.5
)

// hostileValues make values of a size, each of which is the worst for some way
// to read a list.
var hostileValues = []struct {
	name string
	make func(size int) string
}{
	{"commas", filled(",")},
	{"semicolons", filled(";")},
	{"equal signs", filled("=")},
	{"ampersands", filled("&")},
	{"quotes", filled(`"`)},
	{"a quote without an end, and commas", begun(`"`, ",")},
	{"escaped quotes", begun(`a="`, `\",`)},
	{"targets of links without an end", filled("<a;,")},
	{"links", counted("</%d.css>; rel=preload; as=style, ")},
	{"links of one relation", begun("</a>; rel=\"", "preload ")},
	{"weak tags", counted(`W/"n%d",`)},
	{"different names", counted("n%d, ")},
	{"one name", filled("max-age=1, ")},
	{"different parameters", counted("n%d=1;")},
	{"different dictionary members", counted("n%d=1, ")},
	{"different query parameters", counted("esi_n%d=%%41&")},
	{"weights", counted("n%d;q=0.1,")},
	{"charsets", filled("text/html;charset=utf-8, ")},
	{"ranges", begun("bytes=", "0-0,")},
	{"surrogates", counted(`selvedge%d="Surrogate/1.0 ESI/1.0", `)},
	{"proxies", filled("1.1 selvedge2, ")},
	{"directives for surrogates", filled("max-age=1;selvedge, ")},
	{"versions of ESI", begun(`content="`, "ESI/1.0 ")},
	{"inner lists", begun("a=(", "b ")},
	{"dots", filled("/../.")},
}

func filled(unit string) func(int) string { return begun("", unit) }

func begun(start, unit string) func(int) string {
	return func(size int) string { return start + strings.Repeat(unit, (size-len(start))/len(unit)) }
}

func counted(format string) func(int) string {
	return func(size int) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			_, _ = fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
}

// hostileRequestFields are the fields of a request that are read here.
var hostileRequestFields = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Type",
	"Cookie", "Expect", "Forwarded", "Hx-Current-Url", "Idempotency-Key", "If-Match", "If-Modified-Since",
	"If-None-Match", "If-Range", "If-Unmodified-Since", "Pragma", "Range", "Referer", "Selvedge-Level",
	"Selvedge-Timeout", "Surrogate-Capability", "Te", "Traceparent", "Tracestate", "Upgrade", "User-Agent", "Via",
	"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-Id",
}

// hostileResponseFields are the fields of a response that are read here.
var hostileResponseFields = []string{
	"Age", "Allow", "Cache-Control", "Cache-Group-Invalidation", "Cache-Groups", "Cache-Status", "Cache-Tag",
	"Cdn-Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Content-Location", "Content-Type",
	"Date", "Etag", "Expires", "Hx-Redirect", "Last-Modified", "Link", "Location", "Selvedge-Cache-Control",
	"Selvedge-Epoch", "Selvedge-Error", "Selvedge-Revision", "Server-Timing", "Set-Cookie", "Surrogate-Control",
	"Surrogate-Key", "Trailer", "Vary", "Via", "X-Esi", "Xkey",
}

// hostileSite is a proxy with all that can be made of a request, before an
// origin whose answers have one field more.
type hostileSite struct {
	handler http.Handler
	field   string // of the answers to /field
	value   string
	asked   int
}

func newHostileSite(t testing.TB) *hostileSite {
	s := new(hostileSite)
	answers := paths{
		"/page": with(`Cache-Control: max-age=3600|Surrogate-Control: content="ESI/1.0"`, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `<p>$(HTTP_COOKIE{a})</p><esi:vars>$(HTTP_COOKIE{a}) $(HTTP_COOKIE) $(QUERY_STRING{a}) $(ESI_ARGS{a}) $(HTTP_USER_AGENT{version}) `+
				`$(HTTP_ACCEPT_LANGUAGE{de}) $(HTTP_REFERER)</esi:vars><esi:include src="/part?l=$(HTTP_ACCEPT_LANGUAGE{de})"/>`)
		}),
		"/part":     with("Cache-Control: max-age=3600|Vary: Accept-Language, Cookie", piece("part")),
		"/document": with(`Cache-Control: public, max-age=3600|Etag: "d"|Vary: Accept-Encoding|Content-Type: text/plain`, piece(strings.Repeat("x", 100_000))),
		"/field": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Cache-Control"] = []string{"max-age=3600"}
			w.Header()["Content-Type"] = []string{"text/html"}
			w.Header()[s.field] = []string{s.value}
			_, _ = io.WriteString(w, `<p id="a">a</p>`)
		},
		"/around": with(`Cache-Control: max-age=3600|Surrogate-Control: content="ESI/1.0"`, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `<head></head><esi:include src="/field?`+r.URL.RawQuery+`" onerror="continue"/>`)
		}),
	}
	origin := httptest.NewServer(http.HandlerFunc(answers.serve))
	t.Cleanup(origin.Close)
	s.handler = newComposer(t, composer.Options{
		Origin: sourceAt(t, origin.URL).URL, Cookies: []string{"*"}, ESICookies: []string{"*"}, SetCookies: []string{"*"},
		Surrogates: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	}, nil, nil).Proxy()
	return s
}

func (s *hostileSite) send(method, target, field, value string) {
	r := httptest.NewRequest(method, target, http.NoBody)
	if field != "" {
		r.Header[field] = []string{value}
	}
	defer func() { _ = recover() }() // an answer that is cut off
	s.handler.ServeHTTP(finalRecorder{httptest.NewRecorder()}, r)
}

// requests has all read a value in the field of a request.
func (s *hostileSite) requests(field, value string) {
	for _, target := range []string{"/page", "/document"} {
		s.send(http.MethodGet, target, field, value)
	}
	s.send(http.MethodPost, "/part", field, value)
}

// responses has all read a value in the field of a response: as a document, as a
// part of a page, and as what passes.
func (s *hostileSite) responses(field, value string) {
	s.field, s.value = field, value
	s.asked++
	s.send(http.MethodGet, fmt.Sprint("/field?", s.asked), "", "")
	s.send(http.MethodGet, fmt.Sprint("/around?part", s.asked), "", "")
	s.send(http.MethodPost, "/field", "", "")
}

// addresses has all read a value in the query and the path of a request.
func (s *hostileSite) addresses(part, value string) {
	escaped := strings.NewReplacer(" ", "+", "\t", "+", "#", "%23").Replace(value)
	s.asked++
	for _, target := range []string{"/page", "/document"} {
		if part == "query" {
			target += fmt.Sprint("?", s.asked, "&") + escaped
		} else {
			target += "/" + strings.ReplaceAll(escaped, "?", "%3F")
		}
		s.send(http.MethodGet, target, "", "")
	}
}

// hostileCase is one field of requests or of responses.
type hostileCase struct {
	kind, field string
	read        func(s *hostileSite, field, value string)
	requests    int // that read makes
}

func hostileCases() (all []hostileCase) {
	for _, field := range hostileRequestFields {
		all = append(all, hostileCase{"request field", field, (*hostileSite).requests, 3})
	}
	for _, field := range hostileResponseFields {
		all = append(all, hostileCase{"response field", field, (*hostileSite).responses, 3})
	}
	for _, part := range []string{"query", "path"} {
		all = append(all, hostileCase{"address", part, (*hostileSite).addresses, 2})
	}
	return all
}

// memoryOf returns how many allocations and bytes something takes.
func memoryOf(f func()) (allocations, bytes float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
}

// growthOf returns how many times as many allocations and bytes the whole takes
// as the half. A growth above maxGrowth is measured again, and the least of a few
// counts, because other goroutines allocate too.
func growthOf(half, whole func()) (growth float64) {
	growth = math.Inf(1)
	for range 5 {
		few, small := memoryOf(half)
		many, large := memoryOf(whole)
		if growth = min(growth, max(many/few, large/small)); growth <= maxGrowth {
			break
		}
	}
	return growth
}

// TestHostileFieldsCostInProportion counts what is allocated for each field, with
// each of the values at two sizes. Work that allocates nothing is not seen here;
// BenchmarkHostileFields measures it.
func TestHostileFieldsCostInProportion(t *testing.T) {
	if withRace {
		t.Skip("-race changes what is allocated")
	}
	s := newHostileSite(t)
	s.requests("Accept", "text/html") // connections, and what is stored
	for _, c := range hostileCases() {
		t.Run(c.kind+" "+c.field, func(t *testing.T) {
			for _, value := range hostileValues {
				half, whole := value.make(halfSize), value.make(wholeSize)
				growth := growthOf(func() { c.read(s, c.field, half) }, func() { c.read(s, c.field, whole) })
				if growth > maxGrowth {
					t.Errorf("%s: 60 KB cost %.1f times what 30 KB cost; want %v at most", value.name, growth, maxGrowth)
				}
			}
		})
	}
}

// BenchmarkHostileFields is what the worst of the values costs at 60 KB for each
// field, in milliseconds for each request of the case.
func BenchmarkHostileFields(b *testing.B) {
	s := newHostileSite(b)
	s.requests("Accept", "text/html")
	for _, c := range hostileCases() {
		b.Run(strings.ReplaceAll(c.kind+" "+c.field, " ", "-"), func(b *testing.B) {
			var worst time.Duration
			for b.Loop() {
				for _, value := range hostileValues {
					text := value.make(wholeSize)
					worst = max(worst, fastest(3, func() { c.read(s, c.field, text) }))
				}
			}
			b.ReportMetric(float64(worst.Microseconds())/1000/float64(c.requests), "ms/request")
		})
	}
}

// fastest returns how long something takes, the least of a few times.
func fastest(times int, f func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range times {
		began := time.Now()
		f()
		best = min(best, time.Since(began))
	}
	return best
}
