// Package dev runs the servers of fragments while people write them.
//
//	servers := dev.New(dev.Options{Output: os.Stderr, Changed: reloadPages})
//	defer servers.Close()
//	err := servers.Set([]dev.Command{{Name: "notes", Args: []string{"python3", "notes.py"}, Dir: "/home/ann/notes", Address: "127.0.0.1:7001"}}, nil)
//	...
//	servers.Await(ctx) // before a page is composed
//
// A server is started, and started again
//
//   - when a file of its folder has changed, at once;
//   - when it has ended, after a pause that doubles from half a second to ten seconds.
//
// Its output is written line by line, behind its name. All processes that it has started end
// with it.
//
// # Files
//
// The folder of a command is watched with all folders below, except for those whose name
// begins with a dot or an underscore, and for node_modules, vendor, dist, build, target and
// the like. Files of editors, databases and logs do not count, nor programs, which builds
// write.
//
// # templ
//
// Where the folder of a command has .templ files, templ generate --watch runs beside it, in
// the version of its Go module. A changed text of a template is on the next page without a
// build, because the program reads it from a file (TEMPL_DEV_MODE). A change of the Go code
// in a template starts the command again.
package dev
