package picture

import (
	"fmt"
	"strings"
)

// round draws a body that curves away to the sides, in the color of the thing
// and with its pattern.
func (c *canvas) round(outline string) {
	c.cover(c.p.base, outline)
	c.path("url(#round)", "%s", outline)
}

// flat draws a surface in the color of the thing and with its pattern.
func (c *canvas) flat(outline string) {
	c.cover(c.p.base, outline)
	c.path("url(#flat)", "%s", outline)
}

// cover fills an outline and lays the pattern over it.
func (c *canvas) cover(fill, outline string) {
	c.path(fill, "%s", outline)
	if c.pattern != plain {
		c.path("url(#p)", "%s", outline)
	}
}

// solid draws a round body of another material, without a pattern.
func (c *canvas) solid(fill, outline string) {
	c.path(fill, "%s", outline)
	c.path("url(#round)", "%s", outline)
}

// panel draws a flat surface of another material, without a pattern.
func (c *canvas) panel(fill, outline string) {
	c.path(fill, "%s", outline)
	c.path("url(#flat)", "%s", outline)
}

// standing draws the shadow of something that stands on the floor at y.
func (c *canvas) standing(cx, y, halfWidth int) {
	c.ellipse("url(#soft)", cx, y, halfWidth*5/4, 8+halfWidth/9)
}

// lying draws the shadow of something flat that lies on a table.
func (c *canvas) lying(outline string) {
	c.transformed(func() { c.path(faintShadow, "%s", outline) }, "translate(9 11)")
	c.transformed(func() { c.path(faintShadow, "%s", outline) }, "translate(4 5)")
}

// box returns the outline of a rectangle with round corners.
func box(x, y, width, height, r int) string {
	return fmt.Sprintf("M%d %dh%dq%d 0 %d %dv%dq0 %d -%d %dh-%dq-%d 0 -%d -%dv-%dq0 -%d %d -%dZ",
		x+r, y, width-2*r, r, r, r, height-2*r, r, r, r, width-2*r, r, r, r, height-2*r, r, r, r)
}

// ring is one height of a lathed body: half its width, and y.
type ring struct{ half, y int }

// lathe returns the outline of a body that was turned around the vertical
// axis at cx and is seen a little from above: straight or smooth between its
// rings, with an arc at the top and at the bottom.
func lathe(cx int, smooth bool, rings ...ring) string {
	first, last := rings[0], rings[len(rings)-1]
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", cx-first.half, first.y)
	fmt.Fprintf(&b, "A%d %d 0 0 1 %d %d", first.half, tilt(first.half), cx+first.half, first.y)
	side(&b, cx, 1, smooth, rings)
	fmt.Fprintf(&b, "A%d %d 0 0 1 %d %d", last.half, tilt(last.half), cx-last.half, last.y)
	backwards := make([]ring, len(rings))
	for i, r := range rings {
		backwards[len(rings)-1-i] = r
	}
	side(&b, cx, -1, smooth, backwards)
	b.WriteByte('Z')
	return b.String()
}

// side continues an outline from the first ring to the last one.
func side(b *strings.Builder, cx, sign int, smooth bool, rings []ring) {
	at := func(i int) (x, y int) {
		i = min(max(i, 0), len(rings)-1)
		return cx + sign*rings[i].half, rings[i].y
	}
	for i := 1; i < len(rings); i++ {
		x, y := at(i)
		if !smooth {
			fmt.Fprintf(b, "L%d %d", x, y)
			continue
		}
		// A Catmull-Rom spline through the rings, as Bézier curves.
		x0, y0 := at(i - 2)
		x1, y1 := at(i - 1)
		x3, y3 := at(i + 1)
		fmt.Fprintf(b, "C%d %d %d %d %d %d", x1+(x-x0)/6, y1+(y-y0)/6, x-(x3-x1)/6, y-(y3-y1)/6, x, y)
	}
}

// tilt is half the height of a circle that is seen a little from above.
func tilt(half int) int { return max(half*16/100, 1) }

// opening draws the mouth of a vessel: its rim, and the dark inside.
func (c *canvas) opening(rim, inside string, cx, y, half int) {
	c.ellipse(rim, cx, y, half, tilt(half))
	c.ellipse(inside, cx, y+1, half-5, tilt(half)-3)
}

// disc returns the outline of a circle around the middle of the picture.
func disc(r int) string {
	return fmt.Sprintf("M%d 200a%d %d 0 1 0 %d 0a%d %d 0 1 0 -%d 0Z", 200-r, r, r, 2*r, r, r, 2*r)
}

// outline returns path data, for shapes that are drawn more than once.
func outline(format string, args ...any) string { return fmt.Sprintf(format, args...) }
