package static_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"selvedge/static"
)

func Example() {
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", static.PictureURL("mug.moss.stripe.17.front"), nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(w.Header().Get("Cache-Control"))
	// Output:
	// 200 image/svg+xml
	// public, max-age=31536000, immutable
}
