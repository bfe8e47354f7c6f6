package page

import (
	"context"

	"selvedge/composer/esi"
	"selvedge/composer/internal/cache"
	"selvedge/composer/internal/document"
	"selvedge/composer/internal/fetch"
	"selvedge/composer/registry"
)

// writeExecution writes a program in document order, and waits for each include that has
// not arrived.
func (pr *pageRequest) writeExecution(pw *pageWriter, e *execution) error {
	next := 0
	for i := 0; ; i++ {
		s, err := pw.awaitSegment(e, i)
		switch {
		case err != nil || s == nil:
			return err
		case document.IsLiveMark(s):
			err = pr.writeLiveMark(pw, e, i, s.Variable)
		case s.Variable != nil:
			if err = pw.endProlog(); err == nil {
				err = pr.writeVariable(pw, e, *s.Variable)
			}
		case hasState(s):
			if err = pw.endProlog(); err == nil {
				err = pr.writeState(pw, e.knownStates()[next])
			}
			next++
		default:
			err = pw.text(s.Text, e.template.response)
		}
		if err != nil {
			return err
		}
	}
}

// awaitSegment waits for the ith segment of a program, and returns nil after its end.
func (pw *pageWriter) awaitSegment(e *execution, i int) (*esi.Segment, error) {
	for {
		s, more, err := e.segment(i)
		if more == nil || err != nil {
			return s, err
		}
		if err := pw.wait(more); err != nil {
			return nil, err
		}
	}
}

// writeState writes the result of an include, a choose or a try.
func (pr *pageRequest) writeState(pw *pageWriter, s segmentState) error {
	if s.try != nil {
		return pr.writeTry(pw, s.try)
	}
	if s.fetch != nil {
		return pr.writeInclude(pw, s.fetch)
	}
	switch {
	case s.include == nil: // a choose
		pw.policy.AddChoice(s.branch)
	case s.response != nil:
		return pr.writeResponse(pw, s, document.Of(s.response).Stylesheets())
	}
	if s.child == nil {
		return nil
	}
	return pr.writeExecution(pw, s.child)
}

// writeInclude waits for an include and writes it.
func (pr *pageRequest) writeInclude(pw *pageWriter, f *includeFetch) error {
	if err := pw.wait(f.done); err != nil {
		return err
	}
	if f.err != nil {
		return f.err
	}
	if f.trace != nil {
		return pr.writeTraced(pw, f)
	}
	return pr.writeResult(pw, f)
}

// writeTraced writes the result of an include in a traced page.
func (pr *pageRequest) writeTraced(pw *pageWriter, f *includeFetch) error {
	t := pr.trace
	index := t.beginInclude(pw, f)
	err := pr.writeFailure(pw, f)
	if err == nil {
		err = pr.writeResult(pw, f)
	}
	t.endInclude(pw, index)
	return err
}

// writeResult writes the result of an include that has ended without an error of the page.
func (pr *pageRequest) writeResult(pw *pageWriter, f *includeFetch) error {
	if f.pendingView != nil {
		pr.views = append(pr.views, viewCandidate{pending: f.pendingView})
	}
	if f.isFallback || f.isAlt {
		pw.policy.AddFailure()
	}
	if f.state.response != nil {
		return pr.writeResponse(pw, f.state, f.stylesheets)
	}
	return pr.writeState(pw, f.state)
}

// writeTry waits for a try and writes it.
func (pr *pageRequest) writeTry(pw *pageWriter, t *tryState) error {
	if err := pw.wait(t.done); err != nil {
		return err
	}
	if t.failed {
		pw.policy.AddFailure()
		if pr.trace != nil {
			pr.trace.addAttempt(pw, t.attempt)
		}
	}
	return pr.writeExecution(pw, t.shown)
}

// writeResponse writes the response shown by an include.
func (pr *pageRequest) writeResponse(pw *pageWriter, s segmentState, stylesheets []string) error {
	response := s.response
	if pw.linksStylesheets {
		if err := pw.linked.link(pw, stylesheets); err != nil {
			return err
		}
	}
	pw.addResponse(response, s.isHit)
	pw.isProlog = true
	at, outer, outerWithin := len(pr.views), pr.variance, pr.within
	isView := response.HasGroups() && isNamed(response.Backend)
	if isView {
		pr.views = append(pr.views, viewCandidate{reference: s.reference, response: response})
	}
	pr.variance, pr.within = 0, nil
	defer func() {
		pr.variance |= response.Policy.Views
		if isView {
			pr.views[at].variance, pr.views[at].within = pr.variance, otherCookies(pr.within, response)
		}
		pr.within = append(outerWithin, pr.withCookiesOf(response)...)
		pr.variance |= outer
	}()
	var err error
	switch {
	case s.child != nil:
		err = pr.writeExecution(pw, s.child)
	case response.Coming != nil:
		err = pr.writeComing(pw, response)
	default:
		return pw.text(response.Body, response)
	}
	if err != nil {
		return err
	}
	return pw.endProlog()
}

// writeComing writes a body while it arrives.
func (pr *pageRequest) writeComing(pw *pageWriter, response *cache.Response) error {
	defer context.AfterFunc(pr.context(), response.Coming.Wake)()
	written := 0
	for {
		chunk, more, err := response.Coming.Next(written)
		switch {
		case err != nil:
			return &fetch.Error{Reference: response.String(), Err: err}
		case more != nil:
			if pr.context().Err() == nil {
				err = pw.wait(more)
			}
			if err == nil && pr.context().Err() != nil {
				err = &fetch.Error{Reference: response.String(), Err: context.Cause(pr.context())}
			}
		case chunk == nil:
			return nil
		default:
			written += len(chunk)
			err = pw.text(chunk, nil)
		}
		if err != nil {
			return err
		}
	}
}

// writeVariable writes the value of a variable in the text of a template. The values of
// StylesVariable, PageVariable and LiveVariable are markup. All other values are escaped.
func (pr *pageRequest) writeVariable(pw *pageWriter, e *execution, variable esi.Variable) error {
	pw.isPersonal = true
	switch variable.Name {
	case document.StylesVariable:
		pw.linksStylesheets = true
		pw.policy.Weaken() // because the stylesheets depend on the previous page
		return pr.writeStylesheets(pw, e)
	case document.PageVariable:
		return pr.writeToken(pw)
	case document.LiveVariable:
		if pr.options.Live != nil {
			return pr.writeLive(pw)
		}
	}
	text := variableText(variable, pr.value(e, variable))
	pw.policy.AddText(text)
	return pw.string(text)
}

// writeStylesheets links the stylesheets last announced by a template and its includes.
func (pr *pageRequest) writeStylesheets(pw *pageWriter, e *execution) error {
	known := &pr.assembler.fetcher.Stylesheets
	if err := pw.linked.link(pw, known.Of(e.template.target.Backend.Name)); err != nil {
		return err
	}
	var err error
	e.references(func(reference string) bool {
		err = pw.linked.link(pw, known.Of(registry.NameOf(reference)))
		return err == nil
	})
	return err
}
