package composer

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"
)

// serve answers a visitor with a document, or with as much of it as was asked
// for (RFC 9110 §13 and §14).
func (p *proxy) serve(w http.ResponseWriter, r *http.Request, answer *response, u use) {
	if rest := answer.rest(); rest != nil {
		p.goOn(w, r, rest, u)
		return
	}
	if answer.isESI() && !p.delegates(r, answer) {
		p.complete(w, r, answer, u)
		return
	}
	answer, err := answer.whole(r.Context())
	if err != nil {
		p.failed(w, r, err)
		return
	}
	h, header := w.Header(), answer.header.http()
	p.tellHeader(r, h, header)
	u.tell(h, header)
	if _, typed := h["Content-Type"]; !typed {
		h["Content-Type"] = nil // or net/http would guess one
	}
	switch {
	case answer.ok() && isCurrent(r.Header, answer.header):
		tellNotModified(w)
	case r.Method == http.MethodGet && answer.status == http.StatusOK && len(r.Header["Range"]) > 0:
		servePart(w, r, answer)
	default:
		if hasBody(answer.status) {
			h["Content-Length"] = []string{strconv.Itoa(len(answer.body))}
		}
		w.WriteHeader(answer.status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(answer.body)
		}
	}
}

// goOn hands an answer on that has begun.
func (p *proxy) goOn(w http.ResponseWriter, r *http.Request, answer *rest, u use) {
	defer context.AfterFunc(r.Context(), answer.leave.end)()
	u.tell(answer.Header, answer.Header)
	if answer.StatusCode == http.StatusOK && isCurrent(r.Header, fieldsOf(answer.Header)) {
		_ = answer.Body.Close()
		p.tellHeader(r, w.Header(), answer.Header)
		tellNotModified(w)
		return
	}
	p.handOn(w, r, answer.Response)
}

// tellHeader gives a visitor the header of an answer. What they are told already
// stays; only Vary grows.
func (p *proxy) tellHeader(r *http.Request, visitor, answer http.Header) {
	merge(visitor, answer)
	endHere(visitor)
	p.tellSurrogate(r, visitor, answer[surrogateControl], ofDocument)
}

// tellNotModified answers 304, with what a 200 would say except for what is
// about its body (RFC 9110 §15.4.5).
func tellNotModified(w http.ResponseWriter) {
	for _, name := range ofTheBody {
		delete(w.Header(), name)
	}
	delete(w.Header(), "Content-Type")
	w.WriteHeader(http.StatusNotModified)
}

// complete answers with the page that a template makes.
func (p *proxy) complete(w http.ResponseWriter, r *http.Request, template *response, u use) {
	if u.forward == "" && !p.fromSurrogate(r) {
		if done, err := p.replay(w, r, template, time.Now()); done {
			_ = sent(err)
			return
		}
	}
	v := p.visit(r, nil)
	defer v.end()
	v.spans = true
	if p.fromSurrogate(r) {
		out := v.open(w, template, u)
		out.control = template.header.values(surrogateControl)
		out.personal = true // it is not like the page of others
		if err := v.page(out); err != nil {
			p.fail(w, r, err)
		}
		return
	}
	if err := v.complete(w, template, u); err != nil {
		p.fail(w, r, err)
	}
}

// servePart answers a request for a range of a document. Its preconditions
// hold already, except for If-Range.
func servePart(w http.ResponseWriter, r *http.Request, answer *response) {
	part := &http.Request{Method: r.Method, Header: make(http.Header)}
	for _, name := range []string{"Range", "If-Range"} {
		part.Header[name] = r.Header[name]
	}
	modified, _ := parseDate(answer.header.get("Last-Modified"))
	w.Header().Del("Content-Length") // net/http counts what leaves
	http.ServeContent(w, part, "", modified, bytes.NewReader(answer.body))
}

func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// endHere removes the fields of an answer that are for us alone.
func endHere(h http.Header) {
	delete(h, surrogateControl)
	delete(h, targetedControl)
	delete(h, errorHeader)
}
