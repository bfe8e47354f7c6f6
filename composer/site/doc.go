// Package site is a whole site from a configuration: its pages are composed from fragments,
// cached, and updated while they are open.
//
//	c, err := config.Load("site.yaml")
//	...
//	s, err := site.New(c, site.Options{})
//	...
//	server := &http.Server{Addr: c.Listen, Handler: s}
//	...
//	err = s.Close(ctx) // after server.Shutdown
//
// A fragment of the program itself is a handler in [Options]. All further fragments are
// servers in any language, named by their URL in the configuration. Options.Around is for a
// sign-in in front of the site, and for further paths of the program.
//
// # Paths
//
//   - the pages of the configuration, and the REST paths of its fragments;
//   - /fragments/NAME/…, every fragment, and /fragments/, the list of them;
//   - /-/live, the connection of an open page, and /-/live.json, that of a JSON client;
//   - /-/selvedge.js, the client script, also under a name with the hash of its bytes;
//   - POST /-/invalidate, for the operator;
//   - /-/debug.css and /-/debug.js, for pages with ?selvedge=debug (see [composer.Options]), and for the
//     messages of failed includes in dev;
//   - /-/healthz and /-/readyz, on any host;
//   - /-/schema.json, the JSON Schema of a configuration file, and
//     /-/manifest.schema.json, that of the manifest of a fragment;
//   - the origin, for all further paths.
//
// # Protection
//
// Each request gets an id and a line in the log. Requests that a proxy in front or a server
// behind could read differently are refused (see [server.RequestCheck]), as are forms of
// other sites' pages. Responses have the security header fields of the configuration, with the
// hosts that manifests of fragments add to the Content-Security-Policy where the configuration
// allows it. The origin protects its own forms, and sends its own header fields.
package site
