package document

import (
	"net/http"
	"sync/atomic"
	"unique"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/header"
	"selvedge/composer/internal/stream"
)

// Head is derived from the header of a document's response. The zero value is the head of
// a document without a charset and without links.
type Head struct {
	charset unique.Handle[string] // zero for the charset of the page
	links   *links                // nil if absent
}

type links struct {
	all         []header.Link
	stylesheets []string
}

// NewHead returns the head for a header. all are the links in the header, and stylesheets
// are the paths of the linked stylesheets.
func NewHead(h http.Header, all []header.Link, stylesheets []string) Head {
	head := Head{charset: charsetHandle(header.Charset(header.ContentType(h)))}
	if len(all) > 0 || len(stylesheets) > 0 {
		head.links = &links{all, stylesheets}
	}
	return head
}

// UTF8Head returns the head of a document in UTF-8 without links.
func UTF8Head() Head { return Head{charset: defaultCharset} }

// Links returns the links of the resources to load with the document.
func (h *Head) Links() []header.Link {
	if h.links == nil {
		return nil
	}
	return h.links.all
}

// Stylesheets returns the paths of the stylesheets in Links.
func (h *Head) Stylesheets() []string {
	if h.links == nil {
		return nil
	}
	return h.links.stylesheets
}

// A Document is the data derived from a response. It is safe for concurrent use.
type Document struct {
	Head
	program   *esi.Program              // nil if the body is not read as ESI, or is arriving
	artifacts atomic.Pointer[artifacts] // nil before first use
}

var _ cache.Attachment = (*Document)(nil)

// Of returns the document of a response, or nil.
func Of(r *cache.Response) *Document {
	d, _ := r.Attachment.(*Document)
	return d
}

// Finish gives a response its complete body and its document. program is nil if the body
// is not read as ESI.
func (h Head) Finish(r *cache.Response, body []byte, program *esi.Program) {
	h.readMark(body)
	r.Attachment = &Document{Head: h, program: program}
	r.SetBody(body)
}

// Complete returns the document of the response with its complete body.
func (d *Document) Complete(body []byte, coming *stream.Body) cache.Attachment {
	complete := &Document{Head: d.Head}
	complete.readMark(body)
	if coming != nil {
		complete.program = ComingProgram(coming)
	}
	return complete
}

// Update returns the document after a 304. The document is the same unless the charset
// differs.
func (d *Document) Update(h http.Header, body []byte) cache.Attachment {
	head := Head{charset: charsetHandle(header.Charset(header.ContentType(h))), links: d.links}
	head.readMark(body)
	if head.charset == d.charset {
		return d
	}
	updated := &Document{Head: head, program: d.program}
	updated.artifacts.Store(d.artifacts.Load())
	return updated
}

// IsTransformed reports whether the document is a template, which is read as ESI.
func (d *Document) IsTransformed() bool { return d.program != nil }

// Program returns the program of a complete template, or nil.
func (d *Document) Program() *esi.Program { return d.program }
