package composer_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"selvedge/composer"
)

// stuck is a visitor whose connection takes nothing until they leave.
type stuck struct {
	*recording
	ctx context.Context
}

func (w *stuck) Write(p []byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

// What is read of an origin for a visitor who does not take it has the bounds
// of a fragment and of a template. (What is handed on is not read before it can
// be written.)
func TestAVisitorWhoTakesNothingCostsLittle(t *testing.T) {
	const fragment, page = 64 << 10, 256 << 10
	endless := `<esi:include src="/endless?1"/>`
	tests := []struct {
		name, request string
		most          int64 // bytes of the origin
	}{
		{"a fragment at the head of the line", "GET /head", fragment + slack},
		{"fragments behind it", "GET /line", 8 * (fragment + slack)},
		{"fragments that something can stand in for", "GET /fallbacks", 8 * (fragment + slack)},
		{"a template", "GET /template", page + slack},
		{"a document that might be stored", "GET /document", fragment + slack},
		{"a template that answers a form", "POST /template", page + slack},
	}
	for _, store := range []int{0, -1} {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var sent atomic.Int64
					flood := func(w http.ResponseWriter, _ *http.Request) {
						chunk := []byte(strings.Repeat("x", 1000))
						for {
							n, err := w.Write(chunk)
							sent.Add(int64(n))
							if err != nil {
								return
							}
						}
					}
					b := newBubble(t, composer.Options{MaxFragment: fragment, MaxPage: page, MaxWait: patient.MaxWait, PageTimeout: patient.PageTimeout, CacheSize: store}, paths{
						"/head":      template("a" + endless),
						"/line":      template("a" + includes(8, "/endless")),
						"/fallbacks": template("a" + strings.ReplaceAll(includes(8, "/endless"), "/>", ` onerror="continue"/>`)),
						"/endless":   flood, "/template": template1(flood),
						"/document": with("Cache-Control: max-age=60", flood),
					}.serve)
					ctx, leave := context.WithCancel(t.Context())
					done := make(chan struct{})
					go func() {
						defer close(done)
						_ = b.serve(ctx, &stuck{newRecording(), ctx}, test.request)
					}()
					synctest.Wait() // until nobody can go on
					if n := sent.Load(); n == 0 || n > test.most {
						t.Errorf("%d bytes were read of the origin; want %d at most", n, test.most)
					}
					leave()
					<-done
				})
			})
		}
	}
}
