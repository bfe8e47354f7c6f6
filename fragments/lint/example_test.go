package lint_test

import (
	"fmt"
	"net/http"

	"selvedge/fragments/lint"
)

func ExampleResponse() {
	header := http.Header{"Content-Type": {"text/html"}, "Cache-Groups": {`"notes"`}}
	for _, f := range lint.Response("/fragments/notes/notes", header, []byte("<ul>\n<li><b>Buy milk</li></ul>")) {
		fmt.Println(f)
	}
	// Output:
	// /fragments/notes/notes:1:1: the response has groups, and its first element has no id, so open pages are not sent its changes; put one element with an id around all
	// /fragments/notes/notes:2:5: <b> is not closed before </li>; close it before </li> at 2:16
}
