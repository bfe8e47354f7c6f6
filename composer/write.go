package composer

import (
	"context"

	"selvedge/composer/esi"
	"selvedge/composer/registry"
)

// write writes a program in document order, as far as it can before it has to
// wait.
func (v *visit) write(out *output, run *running) error {
	next := 0
	for i := 0; ; i++ {
		s, more, err := run.segment(i)
		for more != nil && err == nil {
			if err = out.wait(more); err == nil {
				s, more, err = run.segment(i)
			}
		}
		switch {
		case err != nil || s == nil:
			return err
		case s.Variable != nil:
			if err = out.endOfBeginning(); err == nil {
				err = v.writeVariable(out, run, *s.Variable)
			}
		case needsPart(s):
			if err = out.endOfBeginning(); err == nil {
				err = v.writePart(out, run.known()[next])
			}
			next++
		default:
			err = out.text(s.Text, run.document.kept)
		}
		if err != nil {
			return err
		}
	}
}

// writePart writes what stands for an include, a choose or a try.
func (v *visit) writePart(out *output, p part) error {
	if p.attempt != nil {
		return v.writeTry(out, p.attempt)
	}
	if p.pending != nil {
		return v.writePending(out, p.pending)
	}
	switch {
	case p.include == nil: // a choose
		out.merged.AddChoice(p.branch)
	case p.answer != nil:
		return v.writeAnswer(out, p, p.answer.styles())
	}
	if p.inside == nil {
		return nil
	}
	return v.write(out, p.inside)
}

func (v *visit) writePending(out *output, p *pending) error {
	if err := out.wait(p.done); err != nil {
		return err
	}
	if p.err != nil {
		return p.err
	}
	if p.owed != nil {
		v.views = append(v.views, seen{owed: p.owed})
	}
	if p.failed || p.instead {
		out.merged.AddFailure()
	}
	if p.part.answer != nil {
		return v.writeAnswer(out, p.part, p.styles)
	}
	return v.writePart(out, p.part)
}

func (v *visit) writeTry(out *output, a *attempt) error {
	if err := out.wait(a.done); err != nil {
		return err
	}
	if a.failed {
		out.merged.AddFailure()
	}
	return v.write(out, a.shown)
}

// writeAnswer writes what an include shows.
func (v *visit) writeAnswer(out *output, p part, styles []string) error {
	answer := p.answer
	if out.head {
		if err := out.sheet.link(out, styles); err != nil {
			return err
		}
	}
	out.contribute(answer, p.reused)
	out.trim = true
	at, outside := len(v.views), v.varies
	isView := len(answer.groups) > 0
	if isView {
		v.views = append(v.views, seen{reference: p.reference, answer: answer})
	}
	v.varies = 0
	defer func() {
		v.varies |= answer.gives.Views
		if isView {
			v.views[at].variance = v.varies
		}
		v.varies |= outside
	}()
	var err error
	switch {
	case p.inside != nil:
		err = v.write(out, p.inside)
	case answer.coming != nil:
		err = v.stream(out, answer)
	default:
		return out.text(answer.body, answer)
	}
	if err != nil {
		return err
	}
	return out.endOfBeginning()
}

// stream writes an answer chunk by chunk as it comes.
func (v *visit) stream(out *output, answer *response) error {
	defer context.AfterFunc(v.context(), answer.coming.body.Wake)()
	written := 0
	for {
		chunk, more, err := answer.coming.body.Next(written)
		switch {
		case err != nil:
			return &FetchError{Reference: answer.String(), Err: err}
		case more != nil:
			if v.context().Err() == nil {
				err = out.wait(more)
			}
			if err == nil && v.context().Err() != nil {
				err = &FetchError{Reference: answer.String(), Err: context.Cause(v.context())}
			}
		case chunk == nil:
			return nil
		default:
			written += len(chunk)
			err = out.text(chunk, nil)
		}
		if err != nil {
			return err
		}
	}
}

// writeVariable writes what a variable in the text of a template stands for.
// Ours are markup; all others are escaped.
func (v *visit) writeVariable(out *output, run *running, variable esi.Variable) error {
	out.personal = true
	switch variable.Name {
	case stylesVariable:
		out.head = true
		out.merged.Weaken() // which stylesheets are linked depends on the last page
		return v.writeStyles(out, run)
	case pageVariable:
		out.merged.KeepPrivate()
		out.merged.Weaken() // no two tokens are the same
		out.merged.AddText(v.session())
		return out.string(v.tokens.Sign(v.session(), v.shown()))
	}
	text := variableText(variable, v.value(run, variable))
	out.merged.AddText(text)
	return out.string(text)
}

// writeStyles writes what is known of the stylesheets that a template and its
// includes will want.
func (v *visit) writeStyles(out *output, run *running) error {
	if err := out.sheet.link(out, v.styles.of(run.document.at.Backend.Name)); err != nil {
		return err
	}
	var err error
	run.references(func(reference string) bool {
		err = out.sheet.link(out, v.styles.of(registry.NameOf(reference)))
		return err == nil
	})
	return err
}

// references calls yield with what a program includes, in branches and
// attempts too, until it returns false.
func (run *running) references(yield func(string) bool) bool {
	for _, p := range run.known() {
		more := true
		switch {
		case p.pending != nil:
			more = yield(p.pending.address.text)
		case p.answer != nil:
			more = yield(p.reference)
		case p.attempt != nil:
			more = p.attempt.first.references(yield)
		case p.inside != nil:
			more = p.inside.references(yield)
		}
		if !more {
			return false
		}
	}
	return true
}
