// Package picture draws the goods of the shop.
//
//	svg, err := picture.Draw("mug.moss.stripe.17.front")
//	if err != nil {
//		return err // errors.Is(err, picture.ErrName)
//	}
//	w.Header().Set("Content-Type", "image/svg+xml")
//	w.Write(svg)
//
// # Names
//
// A name is all there is to a picture: kind.color.pattern.seed.view. The kind is
// one of Kinds, the color one of Colors, the pattern one of Patterns of the kind,
// and the view one of Views: "front" shows the whole product, "detail" a part of
// it from nearby, "set" several of them or one in its place. The seed is a decimal number
// below 2³² that decides on proportions and small parts. Every picture has
// exactly one name.
//
// # Drawings
//
// A drawing is an SVG document of a few kilobytes with a viewBox of 400 by 400.
// It holds shapes and gradients with presentation attributes, and no styles,
// scripts, texts or references to other documents. Draw is deterministic: one name gives the
// same bytes wherever one Version of the package runs.
package picture
