package composer_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

func TestInvalidateDropsWhatNamesAGroupBeforeItTells(t *testing.T) {
	for _, field := range []string{`Cache-Groups: "a", "b"`, "Surrogate-Key: a b", "xkey: a b", "Cache-Tag: a, b"} {
		t.Run(field, func(t *testing.T) {
			f := saying("Cache-Control: max-age=60", field)
			var c *composer.Composer
			told := ""
			c = newComposer(t, composer.Options{Invalidated: func(groups []string) { told = fmt.Sprint(groups) + render(t, c, "") }},
				fragments{"f": f.ServeHTTP}, nil)
			if got := render(t, c, "") + render(t, c, ""); got != "11" {
				t.Fatalf("answers %s; want 11", got)
			}
			if n := c.Invalidate("z", "b"); n != 1 || told != "[z b]2" {
				t.Errorf("dropped %d and told %s; want 1, with the new answer there for who is told", n, told)
			}
			if n := c.Invalidate("c"); n != 0 {
				t.Errorf("dropped %d of no group; want 0", n)
			}
		})
	}
}

func TestAnInvalidationDuringAFillKeepsTheOldAnswerOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var data atomic.Int32
		proceed := make(chan struct{})
		f := func(w http.ResponseWriter, _ *http.Request) {
			read := data.Load()
			<-proceed
			set(w, "Cache-Control: max-age=60", `Cache-Groups: "a"`)
			_, _ = fmt.Fprint(w, read)
		}
		c := newComposer(t, composer.Options{}, fragments{"f": f}, nil)
		var all sync.WaitGroup
		all.Go(func() {
			if got := render(t, c, ""); got != "0" {
				t.Errorf("who asked before the invalidation got %s; want what was asked for", got)
			}
		})
		synctest.Wait()
		data.Store(1)
		c.Invalidate("a")
		all.Go(func() {
			if got := render(t, c, ""); got != "1" {
				t.Errorf("who asked after the invalidation got %s; want 1", got)
			}
		})
		synctest.Wait()
		close(proceed)
		all.Wait()
		if got := render(t, c, ""); got != "1" {
			t.Errorf("the cache has %s; want 1", got)
		}
	})
}

// TestNobodySeesDataFromBeforeAnInvalidation lets readers and writers race.
// Its model is a register for each group: a read that begins after an
// invalidation has returned sees that write or a later one.
func TestNobodySeesDataFromBeforeAnInvalidation(t *testing.T) {
	const groups, readers, writes = 3, 8, 300
	var data, settled [groups]atomic.Int64
	lifetimes := []string{"max-age=60", "max-age=0, stale-while-revalidate=60", "no-cache", "max-age=60, stale-if-error=60"}
	f := func(w http.ResponseWriter, r *http.Request) {
		group, _ := strconv.Atoi(r.URL.RawQuery)
		read := strconv.FormatInt(data[group].Load(), 10)
		set(w, "Cache-Control: "+lifetimes[rand.IntN(len(lifetimes))], fmt.Sprintf(`Cache-Groups: "g%d"`, group), `ETag: "`+read+`"`)
		switch {
		case r.Header.Get("If-None-Match") == `"`+read+`"`:
			w.WriteHeader(http.StatusNotModified)
		case rand.IntN(10) == 0:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			_, _ = fmt.Fprint(w, read)
		}
	}
	c := newComposer(t, composer.Options{CacheSize: 8 << 10}, fragments{"f": f}, nil)
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for range readers {
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				group := rand.IntN(groups)
				atLeast := settled[group].Load()
				got, err := c.Render(t.Context(), composer.View{Reference: fmt.Sprintf("/fragments/f/x?%d", group)}, time.Time{})
				if err != nil {
					continue
				}
				if n, err := strconv.ParseInt(string(got.Body), 10, 64); err != nil || n < atLeast {
					t.Errorf("group %d is %q; %d was written before the read began", group, got.Body, atLeast)
				}
			}
		})
	}
	for group := range groups {
		writing.Go(func() {
			for range writes {
				n := data[group].Add(1)
				c.Invalidate(fmt.Sprintf("g%d", group))
				settled[group].Store(n)
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
}
