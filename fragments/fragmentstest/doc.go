// Package fragmentstest tests a fragment of package fragments, with one call for each of
//
//   - its HTML: [Golden];
//   - the fragment in a composed page: [InPage];
//   - the message to an open page after a write: [Push];
//   - the contract of fragments: [Lint].
//
// A test of a fragment with a form is
//
//	func TestNotes(t *testing.T) {
//		f := newFragment(t)
//		fragmentstest.Lint(t, f)
//		fragmentstest.Golden(t, f, "/notes")
//		add := fragmentstest.Form("/notes", "note=milk")
//		if frame := fragmentstest.Push(t, f, "/notes", add); !strings.Contains(frame, "milk") {
//			t.Errorf("an open page is sent %s; want the note", frame)
//		}
//	}
//
// InPage, Push and Lint serve the fragment on a free port of this machine, as package
// standalone does, until the test ends. Each call has a server and a session of its own.
package fragmentstest
