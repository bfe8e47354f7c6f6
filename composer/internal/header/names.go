package header

// Fields between the composer and a fragment, in responses unless they say otherwise.
const (
	// SurrogateControl with content="ESI/1.0" opts a response in to ESI processing
	// (Edge Architecture 1.0 §2.2).
	SurrogateControl = "Surrogate-Control"
	// SurrogateCapability announces ESI processing in requests (§2.1).
	SurrogateCapability = "Surrogate-Capability"
	// Capability is the value of SurrogateCapability in requests of the composer.
	Capability = `selvedge="Surrogate/1.0 ESI/1.0"`
	// SelvedgeError with the value "show" allows the composer to show the body of an
	// error to the visitor: of a 4xx response, and in response to a form also of a
	// 5xx.
	SelvedgeError = "Selvedge-Error"
	// SelvedgeRevision is the revision of a response without a root element with
	// data-revision.
	SelvedgeRevision = "Selvedge-Revision"
	// SelvedgeEpoch is the epoch of SelvedgeRevision, as data-epoch is of
	// data-revision.
	SelvedgeEpoch = "Selvedge-Epoch"
	// HxRedirect tells a script to go to another page, and HxRefresh to reload its
	// page.
	HxRedirect = "Hx-Redirect"
	HxRefresh  = "Hx-Refresh"
)

// Request fields that describe an include to its fragment. They are not part of a
// cache key, so a response must not depend on them.
const (
	// SelvedgeTimeout is the time left for the response, in milliseconds.
	SelvedgeTimeout = "Selvedge-Timeout"
	// ESILevel is the nesting depth of the include: 1 in a page.
	ESILevel = "X-Esi-Level"
)

// SelvedgeCacheControl is the targeted field for the composer alone (RFC 9213 §2).
// CDNCacheControl is the targeted field for all caches that work for the site (§3).
const (
	SelvedgeCacheControl = "Selvedge-Cache-Control"
	CDNCacheControl      = "Cdn-Cache-Control"
)

// BodyFields are the fields that describe the stored bytes. A 304 response does not
// change them (RFC 9111 §3.2).
var BodyFields = []string{"Content-Digest", "Content-Encoding", "Content-Length", "Content-Md5", "Content-Range", "Repr-Digest"}
