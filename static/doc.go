/*
Package static serves what never changes: style sheets, and the pictures that
package picture draws.

	http.Handle("/static/", static.Handler())
	fmt.Fprintf(w, `<link rel="stylesheet" href="%s">`, static.URL("cart.css"))
	fmt.Fprintf(w, `<img src="%s" alt="A mug">`, static.PictureURL("mug.moss.stripe.17.front"))

# Names

Every URL carries a hash of what stands behind it: of its own bytes for a file,
as in /static/cart.3f9a1c04d2.css, and of the drawing code for pictures, as in
/static/pictures/81b2c49e05/mug.moss.stripe.17.front.svg. A changed file gets
another URL, so every answer may be kept for a year without being asked for
again. A URL with a hash of another build is a 404.

# Answers

GET and HEAD are answered with Cache-Control: public, max-age=31536000,
immutable, a strong ETag and Vary: Accept-Encoding; If-None-Match and ranges
work. Files are compressed once, when the program starts, and pictures when
they are asked for. A picture carries a Content-Security-Policy of its own that
forbids it to load or run anything when it is opened alone.
*/
package static
