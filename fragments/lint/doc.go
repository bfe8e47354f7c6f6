// Package lint finds mistakes in fragments and templates, and says where they are and what
// to do. It knows fragments by HTTP alone, so they may be in any language.
//
//	findings, err := lint.Source(ctx, address, lint.Options{})
//	for _, f := range findings {
//		fmt.Println(f) // http://127.0.0.1:7001/notes:1:9: <b> is not closed; add </b>
//	}
//
// [Source] requests the samples of a running fragment in several ways. [Response] and
// [File] look at one response and at one template. The contract of fragments, with the
// reasons for the rules, is CONTRACT.md in the folder above.
//
// # Rules
//
//   - manifest: the manifest is JSON, fits its schema, and has usable patterns.
//   - sample: each GET path of the manifest with a wildcard has a sample, and each sample is
//     answered with 200.
//   - type: a response has a Content-Type, and HTML where a page includes it.
//   - groups: Cache-Groups and Cache-Group-Invalidation are well-formed, and stand where
//     they have an effect.
//   - id: a fragment with groups has an id, by which open pages are sent its changes. A list
//     of elements, which is stored and never live, may do without.
//   - live-element: a fragment with groups and an id is one closed element.
//   - revision: data-revision is a number, and stands beside data-epoch.
//   - validator: a response has an ETag or Last-Modified, which stays while the body does.
//   - not-modified: a request with the validator is answered with 304.
//   - head: a HEAD request is answered with the fields of GET.
//   - visitors: the response to each visitor is stored for the right visitors.
//   - style: announced stylesheets exist, and no style needs a laxer policy than that of
//     sites by default.
//   - script: no script needs a laxer policy than that of sites by default.
//   - html: tags are closed and nested, and no attribute or id stands there twice.
//   - esi: a template has no likely mistake, such as a misspelled attribute or variable.
//   - opt-in: a response with ESI says so.
package lint
