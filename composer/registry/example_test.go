package registry_test

import (
	"errors"
	"fmt"
	"net/url"

	"selvedge/composer/registry"
)

func Example() {
	fragments := registry.New()
	for _, version := range []string{"1.4.2", "2.0.0"} {
		source := registry.Source{URL: &url.URL{Scheme: "http", Host: "cart-" + version + ".internal"}}
		if err := fragments.Add("cart", version, source); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, text := range []string{"/fragments/cart/mini", "/fragments/cart@^1.2/mini?size=s", "/fragments/cart@3.x/mini"} {
		ref, err := registry.ParseReference(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		source, err := fragments.Resolve(ref)
		if missing := (*registry.VersionError)(nil); errors.As(err, &missing) {
			fmt.Println(err)
			continue
		}
		fmt.Println(source.URL.Host, ref.RequestURI())
	}
	// Output:
	// cart-2.0.0.internal /mini
	// cart-1.4.2.internal /mini?size=s
	// no version of cart fits 3.x; there is 2.0.0, 1.4.2
}
