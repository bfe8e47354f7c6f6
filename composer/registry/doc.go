// Package registry knows fragments by name and version, and finds what the address
// of an include leads to.
//
//	fragments := registry.New()
//	err := fragments.Add("cart", "1.4.2", registry.Source{URL: cart})
//
// A [Reference] names a resource of a fragment, as /fragments/cart@^1.2/mini does. The
// newest version that its constraint allows serves it.
//
// [Backend], [Target] and [Resolver] are for the composer.
package registry
