package static_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"selvedge/static"
)

func Example() {
	mux := http.NewServeMux()
	mux.Handle("/static/", static.Handler())

	w := httptest.NewRecorder()
	url := static.PictureURL("mug.moss.stripe.17.front")
	mux.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, url, nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(w.Header().Get("Cache-Control"))
	// Output:
	// 200 image/svg+xml
	// public, max-age=31536000, immutable
}
