package jsonlive

import (
	"encoding/json"
	"fmt"
	"strings"

	"selvedge/hub"
)

// variantMark begins the variant of each view of this package, and distinguishes them from
// the views of pages and of Protocol.Extension.
const variantMark = "jsonlive\n"

// NewView returns the view of a reference for all clients with the same request fields,
// each a line such as "Cookie: a=b\n".
func NewView(reference, fields string) hub.View {
	return hub.View{Reference: reference, Variant: variantMark + fields}
}

// Fields returns the request fields of a view made by NewView. For any other view it
// reports false.
func Fields(v hub.View) (fields string, ok bool) { return strings.CutPrefix(v.Variant, variantMark) }

// Fragment returns f, the rendering of a view of this package, as the hub has to treat it:
// a body of any media type is for JSON clients alone, and without views within.
func Fragment(f hub.Fragment) hub.Fragment {
	f.ProtocolOnly, f.Views, f.Styles = true, nil, nil
	return f
}

// LastFragment returns the last fragment of a view of this package: its clients are sent
// the error, and do not follow the reference any more.
func LastFragment(e *Error) (hub.Fragment, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return hub.Fragment{}, fmt.Errorf("jsonlive: %w", err)
	}
	return hub.Fragment{Body: body, ContentType: "application/problem+json", ProtocolOnly: true, Last: true}, nil
}
