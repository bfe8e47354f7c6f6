package composer

import (
	"testing"

	"selvedge/composer/esi"
)

func TestAMistakeIsLoggedOnceUntilManyOthersHaveBeen(t *testing.T) {
	var w templateWarnings
	first := templateWarning{"/fragments/a/x", esi.Warning{Line: 1, Column: 1, Text: "a mistake"}}
	if !w.isNew(first) || w.isNew(first) {
		t.Error("a mistake is logged again, or never; want once")
	}
	for _, other := range []templateWarning{
		{"/fragments/b/x", first.Warning},
		{first.reference, esi.Warning{Line: 1, Column: 2, Text: "a mistake"}},
		{first.reference, esi.Warning{Line: 1, Column: 1, Text: "another"}},
	} {
		if !w.isNew(other) {
			t.Errorf("%v is not logged; want it beside %v", other, first)
		}
	}
	for line := range maxTemplateWarnings {
		w.isNew(templateWarning{"/fragments/c/x", esi.Warning{Line: line}})
	}
	if len(w.logged) > maxTemplateWarnings {
		t.Errorf("%d mistakes are remembered; want %d at most", len(w.logged), maxTemplateWarnings)
	}
}
