// Package workbench shows fragments alone, for their authors: each in a page of its own, and
// an index of the samples in their manifests.
//
//	bench, err := workbench.New([]string{"http://127.0.0.1:7001/notes"})
//	...
//	c := config.New()
//	bench.Configure(ctx, c)
//	s, err := site.New(c, site.Options{Fragments: bench.Fragments()})
//
// The pages of the site are
//
//   - /, the index;
//   - /NAME/PATH, with the response of the fragment NAME to PATH.
//
// A fragment has the name in its manifest, or else one of its host and port, such as
// 127-0-0-1-7001.
package workbench
