package composer_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// A program is compiled once, however often a 304 says that it is still right
// (RFC 9111 §4.3.4).
func TestAProgramOutlivesItsValidation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		validated := 0
		f := func(w http.ResponseWriter, r *http.Request) {
			set(w, "Cache-Control: max-age=10", `ETag: "1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				validated++
				w.WriteHeader(http.StatusNotModified)
				return
			}
			template(`a<esi:vars>$(HTTP_HOST)</esi:vars>`)(w, r)
		}
		c := newComposer(t, composer.Options{}, fragments{"f": f}, nil)
		render(t, c, "")
		first := composer.StoredProgram(c, "/fragments/f/x")
		for range 3 {
			time.Sleep(11 * time.Second)
			render(t, c, "")
		}
		if now := composer.StoredProgram(c, "/fragments/f/x"); now != first || now == nil || validated != 3 {
			t.Errorf("after %d answers of 304 the program is %p; want 3, and the first one, %p", validated, now, first)
		}
	})
}
