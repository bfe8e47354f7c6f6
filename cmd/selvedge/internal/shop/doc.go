// Package shop is the shop that comes with Selvedge, as a site of package site: the
// configuration is [File], its fragments are those of this process, and their data is in
// a folder.
//
//	data, err := shop.Open(ctx, shop.Options{Folder: datafolder.New("selvedge-data", false), ...})
//	...
//	s, err := data.NewSite(shop.Config())
//	...
//	data.Run(ctx)    // until ctx ends
//	err = s.Close(ctx)
//	data.Close()
//
// A fragment of the shop alone is a site too, of NewFragmentSite.
//
// # Paths
//
// The shop has these paths beside those of its configuration:
//
//   - /live and /api/live, for connections of its pages and of JSON clients (see package
//     liveprotocol), with the schema at /api/live/schema.json;
//   - /healthz and /readyz, as /-/healthz and /-/readyz;
//   - /static/, the scripts and pictures of its pages;
//   - /robots.txt and /sitemap.xml.
package shop
