package header

// The header fields that tell a fragment of the page that wants it. They are
// no part of a key, so an answer must not depend on them.
const (
	// SelvedgeTimeout is how long the answer is waited for, in milliseconds.
	SelvedgeTimeout = "Selvedge-Timeout"
	// ESILevel is how deep the include stands in others: 1 in a page.
	ESILevel = "X-Esi-Level"
)

// SelvedgeCacheControl is the Cache-Control field for us alone (RFC 9213 §2), and
// CDNCacheControl the one for all caches that work for the site (§3).
const (
	SelvedgeCacheControl = "Selvedge-Cache-Control"
	CDNCacheControl      = "Cdn-Cache-Control"
)

// The header fields by which a fragment speaks to the composer.
const (
	// SurrogateControl with content="ESI/1.0" opts a response in to being
	// read as ESI (Edge Architecture 1.0 §2.2).
	SurrogateControl = "Surrogate-Control"
	// SurrogateCapability says in requests that we read ESI (§2.1).
	SurrogateCapability = "Surrogate-Capability"
	// Capability is the value of SurrogateCapability in our requests.
	Capability = `selvedge="Surrogate/1.0 ESI/1.0"`
	// SelvedgeError with the value "show" says that the body of a 4xx answer, and
	// to a form also of a 5xx, was written for the person at the browser, and may
	// stand in a page.
	SelvedgeError = "Selvedge-Error"
	// SelvedgeRevision is the revision of an answer, for those that have no root
	// element with data-revision.
	SelvedgeRevision = "Selvedge-Revision"
	// SelvedgeEpoch is the epoch of that revision, as data-epoch is.
	SelvedgeEpoch = "Selvedge-Epoch"
	// HxRedirect and HxRefresh tell a script which page to go to, and
	// to load its page again.
	HxRedirect = "Hx-Redirect"
	HxRefresh  = "Hx-Refresh"
)

// BodyFields are the fields that say what the stored bytes are, which a 304 does
// not change (RFC 9111 §3.2).
var BodyFields = []string{"Content-Digest", "Content-Encoding", "Content-Length", "Content-Md5", "Content-Range", "Repr-Digest"}
