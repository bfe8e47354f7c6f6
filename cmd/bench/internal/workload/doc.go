// Package workload is the content that servers under test serve and that
// clients expect.
//
// The page command asks for pages of a [Site]. A [Page] has a size and a number
// of includes, its fragments are of a [Kind], and a [Template] names them:
//
//	site := workload.NewSite()
//	path := workload.PagePath(workload.Cached, workload.Usual, workload.ESITemplate)
//	want := workload.Usual.Text(workload.Usual.Fragment)
//
// The live command connects pages that show views with revisions. A [Token] says
// to the server which views a page shows, a [Change] gives views a revision, and
// messages bring it:
//
//	message := workload.AppendView(nil, "", 0, 17, workload.ViewSize)
//	update, rest, ok := workload.NextUpdate(message) // view 0, revision 17
package workload
