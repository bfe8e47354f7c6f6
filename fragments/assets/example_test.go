package assets_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing/fstest"

	"selvedge/fragments/assets"
)

func Example() {
	files := fstest.MapFS{"clock.css": {Data: []byte("time { color: teal }")}} // usually an embed.FS
	folder, err := assets.Load("/assets/", files)
	if err != nil {
		fmt.Println(err)
		return
	}
	url := folder.URL("clock.css")
	w := httptest.NewRecorder()
	folder.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, url, nil))
	fmt.Println(url)
	fmt.Println(w.Code, w.Header().Get("Cache-Control"))
	// Output:
	// /assets/clock.26eb01afc3.css
	// 200 public, max-age=31536000, immutable
}
