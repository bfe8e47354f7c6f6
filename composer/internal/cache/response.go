package cache

import (
	"context"
	"net/http"

	"selvedge/composer/internal/cachepolicy"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// Response is a response to a GET request. Several requests may share a Response, so it
// must not be changed after a second goroutine has it.
type Response struct {
	Key
	Status     int
	Header     header.Compact
	Body       []byte       // complete; nil while it arrives
	Coming     *stream.Body // the body while it arrives; nil if Body is complete
	Policy     cachepolicy.Policy
	Attachment Attachment // nil if absent

	groups []membership
	extra  *extra      // nil if empty
	raw    http.Header // Header as received, until the response is stored; may be nil
}

// extra is the rarely used part of a response.
type extra struct {
	vary, varied []string    // of a stored response: the fields in Vary, and their values in the request
	heuristic    bool        // of a stored response: see isHeuristic
	trailer      http.Header // of a response that is not stored
}

// An Attachment is data derived from a response by the user of a cache. It is weighed and
// evicted with the response. It is safe for concurrent use.
type Attachment interface {
	// Complete returns the attachment of the response with its complete body. coming is
	// the body as it arrived, or nil.
	Complete(body []byte, coming *stream.Body) Attachment

	// Update returns the attachment after a 304 (Not Modified). h is the stored header,
	// updated by the header of the 304.
	Update(h http.Header, body []byte) Attachment

	// IsTransformed reports whether the user shows transformed content in place of the
	// body. Such a body has no content coding, and the attachment may refer to the body's
	// bytes.
	IsTransformed() bool

	// Weight returns the approximate memory size of the attachment, in bytes.
	Weight() int
}

// NewResponse returns a response with a header and without a body. The caller must not
// change the header afterwards.
func NewResponse(k Key, status int, h http.Header, policy cachepolicy.Policy) *Response {
	return &Response{Key: k, Status: status, Header: header.NewCompact(h), groups: membershipsOf(h), Policy: policy, raw: h}
}

// SetBody sets the complete body.
func (r *Response) SetBody(body []byte) {
	r.Body, r.Coming = body, nil
	r.Policy.SetBody(body)
}

// IsSuccess reports whether the status is 2xx.
func (r *Response) IsSuccess() bool { return r.Status >= 200 && r.Status < 300 }

// IsRedirect reports whether the response leads to a different address.
func (r *Response) IsRedirect() bool {
	return r.Status >= 300 && r.Status <= 399 && r.Header.Get("Location") != ""
}

// IsDocument reports whether the request had a browser's header, rather than a header for
// a fragment.
func (r *Response) IsDocument() bool { return r.Backend != nil && r.Scope.Value().Document }

// HasGroups reports whether the response belongs to a group.
func (r *Response) HasGroups() bool { return len(r.groups) > 0 }

// WithoutGroups returns a copy of the response without groups.
func (r *Response) WithoutGroups() *Response {
	without := *r
	without.groups = nil
	return &without
}

// IsTransformed reports whether the user of the response shows transformed content in
// place of the body. While the body arrives, its observer is the transformation.
func (r *Response) IsTransformed() bool {
	if r.Coming != nil {
		return r.Coming.Observer != nil
	}
	return r.Attachment != nil && r.Attachment.IsTransformed()
}

// Whole waits for the body and returns the complete response. The error is the error of
// [stream.Body.WaitComplete].
func (r *Response) Whole(ctx context.Context) (*Response, error) {
	if r.Coming == nil {
		return r, nil
	}
	if err := r.Coming.WaitComplete(ctx); err != nil {
		return nil, err
	}
	all := *r
	all.SetBody(r.Coming.Bytes())
	if r.Attachment != nil {
		all.Attachment = r.Attachment.Complete(all.Body, r.Coming)
	}
	all.SetTrailer(r.Coming.Trailer())
	return &all, nil
}

// Trailer returns the trailer section of a complete response. While the body arrives,
// Trailer returns the names of the possible trailer fields.
func (r *Response) Trailer() http.Header {
	if r.extra == nil {
		return nil
	}
	return r.extra.trailer
}

// SetTrailer sets the trailer section. A trailer section is not stored (RFC 9111 §3.1).
func (r *Response) SetTrailer(trailer http.Header) {
	if trailer == nil && r.Trailer() == nil {
		return
	}
	var all extra
	if r.extra != nil {
		all = *r.extra
	}
	all.trailer = trailer
	r.extra = &all
}

// withoutTrailer returns the response in its stored form, without a trailer section.
func (s *Stored) withoutTrailer() *Stored {
	if s.Trailer() == nil {
		return s
	}
	without := *s
	without.SetTrailer(nil)
	return &without
}
