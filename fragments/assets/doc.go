// Package assets serves files that never change under their address: stylesheets,
// scripts, pictures and fonts.
//
//	//go:embed *.css *.svg
//	var files embed.FS
//
//	folder, err := assets.Load("/assets/", files)
//	...
//	mux.Handle("/assets/", folder)
//	fmt.Fprintf(w, `<link rel="stylesheet" href="%s">`, folder.URL("clock.css"))
//
// # Names
//
// A URL has a hash of the bytes of its file, as in /assets/clock.3f9a1c04d2.css. A
// changed file gets another URL.
//
// # Responses
//
// GET and HEAD are answered with Cache-Control: public, max-age=31536000, immutable, a
// strong ETag and Vary: Accept-Encoding. If-None-Match and ranges work. A file is
// compressed once in each coding (gzip, br and zstd), when the coding is requested for
// the first time. A coding that does not make the file smaller is not used, as for most
// pictures.
//
// The name of a file with another hash is that of another version: a page that was made
// before a deployment, or after it by another process, has it. The response is the file
// of this version with a lifetime of a minute. So is that to a name without a hash, by
// which a stylesheet or a script refers to a file beside it:
//
//	#clock { background: url("hands.svg") }
package assets
