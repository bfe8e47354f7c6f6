// Package jsonlive is the protocol of a hub for JSON clients of any site: a client
// follows fragments by their references, with the rights of its session.
//
//	h, err := hub.New(pages, hub.Options{Protocol: &jsonlive.Protocol{NewClient: newClient}})
//	...
//	mux.HandleFunc("GET /live.json", h.ServeJSON)
//	mux.Handle("GET /live.schema.json", jsonlive.SchemaHandler(jsonlive.Schema))
//
// Package composer/live does this for a site.
//
// # Messages
//
// [Schema] describes all messages. A client names references as in URLs, up to
// [MaxReferences] for a connection:
//
//	{"type":"SUBSCRIBE","data":{"references":["/fragments/cart/api/cart"]}}
//
// Each reference is fetched as a GET of the client's session with Accept:
// application/json, and answered with its present body. An UPDATE for each change
// follows:
//
//	{"type":"UPDATE","data":{"reference":"/fragments/cart/api/cart","body":{"count":2}},"version":7,"timestamp":1795389960059}
//
// Its members:
//
//   - body is the JSON of the response. Any other response is a string, with its media
//     type in contentType. Includes within a response are as of its time.
//   - version is the revision of the fragment, or a number that grows with each change
//     while the reference is followed.
//   - timestamp is the time of the message, in Unix milliseconds.
//
// Changes that follow each other quickly can become one UPDATE. An older state never
// follows a newer state. A second SUBSCRIBE adds references, and has those followed already
// sent again. UNSUBSCRIBE, with the same data, ends the updates of references, and is not
// answered.
//
// # Errors
//
// A refused reference is answered with an ERROR for that reference alone, and is not
// followed; the connection continues:
//
//	{"type":"ERROR","data":{"error":"Reference refused","detail":"…","reference":"…","status":404},"version":0,"timestamp":1795389960059}
//
// The status is one of:
//
//   - 400: the reference is malformed;
//   - 404: no fragment has the name and version;
//   - 4xx: the fragment's own response;
//   - 422: the response has no Cache-Groups, so no change can be followed;
//   - 429: the connection follows as many references as it may;
//   - 5xx: the fragment has failed, and can be tried later.
//
// A session can lose the right to a reference that it follows: the fragment answers the
// next change with a 4xx. The client is sent that ERROR once, and does not follow the
// reference any more. A fragment that fails in another way is fetched again, and the client
// is sent nothing meanwhile.
//
// # Views
//
// Clients with the same view of a reference share one rendering, and are sent the same
// bytes. A view differs by the request fields that the response varies on, as in pages:
// without Vary: Cookie or Cache-Control: private, a response is rendered for all sessions,
// and without a cookie. Package hub describes the bounds of messages, views and slow
// clients.
package jsonlive
