// Package registry knows fragments by name and version, and finds the target of an
// include's address.
//
//	fragments := registry.New()
//	err := fragments.Add("cart", "1.4.2", registry.Source{URL: cart})
//
// A [Reference] names a resource of a fragment, as /fragments/cart@^1.2/mini does. It
// is served by the newest version that its constraint allows.
//
// A mount is a handler for templates alone, at addresses such as /-/slots/related (see
// [Registry.Mount]).
//
// [Backend], [Target] and [Resolver] are for the composer.
package registry
