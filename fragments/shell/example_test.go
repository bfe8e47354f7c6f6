package shell_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"selvedge/fragments/shell"
)

func Example() {
	f, err := shell.New(shell.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/products/42", nil))
	fmt.Println(w.Code, w.Header().Get("Surrogate-Control"))
	// Output: 200 content="ESI/1.0"
}
