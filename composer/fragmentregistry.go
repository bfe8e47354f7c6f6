package composer

import "selvedge/composer/registry"

// Prefix is where fragments stand in the URL space of a composer.
const Prefix = registry.Prefix

// A Registry knows the fragments: by name, their versions and sources.
type Registry = registry.Registry

// An Entry is one fragment of a Registry.
type Entry = registry.Entry

// A Source is where one version of a fragment is served: a handler in this process,
// or a base URL.
type Source = registry.Source

// A VersionError says that no version of a fragment fits a reference.
type VersionError = registry.VersionError

// A Reference names one fragment's resource.
type Reference = registry.Reference

// A ReferenceError says why a text is no Reference.
type ReferenceError = registry.ReferenceError

// NewRegistry returns an empty registry.
func NewRegistry() *Registry { return registry.New() }

// ParseReference reads a reference as it stands in a URL, with Prefix. The error is a
// *ReferenceError.
func ParseReference(s string) (Reference, error) { return registry.ParseReference(s) }
