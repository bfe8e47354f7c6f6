package picture_test

import (
	"bytes"
	"errors"
	"fmt"

	"selvedge/static/picture"
)

func Example() {
	svg, err := picture.Draw("mug.moss.stripe.17.front")
	fmt.Println(bytes.HasPrefix(svg, []byte("<svg ")), err)

	_, err = picture.Draw("mug.moss.stripe.17.inside")
	fmt.Println(errors.Is(err, picture.ErrName), err)
	// Output:
	// true <nil>
	// true not the name of a picture: view "inside"
}
