// Package newfragment writes the files of a small fragment that works, as a beginning for
// its author:
//
//	f := newfragment.Fragment{Name: "comments", Language: "python"}
//	next, err := f.Write(ctx) // into the folder comments
//
// The folders go, python and node have a whole fragment each, whose name is noname: a list
// of notes with a form, a stylesheet, a manifest and tests. The tests of the one in Go are
// run with those of this module. Write replaces the name, and adds
//
//   - a site for the fragment, of the folder site;
//   - for Go, a module with the dependencies of a checkout of Selvedge, so that the first run
//     needs no download.
package newfragment
