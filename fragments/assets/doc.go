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
// The URL of a file includes a hash of its bytes, as in /assets/clock.3f9a1c04d2.css. A
// changed file has another URL.
//
// # Responses
//
// The response to GET and HEAD has Cache-Control: public, max-age=31536000, immutable, a
// strong ETag and Vary: Accept-Encoding. If-None-Match and ranges work. A file is
// compressed once in each coding (gzip, br and zstd), at the first request for the
// coding. A coding that makes the file no smaller is not used, as for most pictures.
//
// A name with another hash is the name of another version. Such names are in pages that
// were made before a deployment, or after it by another process. The response is the
// present version with a lifetime of a minute. A name without a hash has this response
// too, because stylesheets and scripts refer to other files without a hash:
//
//	#clock { background: url("hands.svg") }
package assets
