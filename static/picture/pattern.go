package picture

import "fmt"

// plain is the surface without a pattern.
const plain = "plain"

// tiles holds one repeat of every pattern, 24 by 24 and in the palette's light
// and accent tones.
var tiles = map[string]func(*canvas){
	"stripe": func(c *canvas) {
		c.rect(c.p.accent, 0, 0, 24, 9, 0)
		c.rect(c.p.light, 0, 13, 24, 2, 0)
	},
	"pinstripe": func(c *canvas) {
		c.rect(c.p.accent, 3, 0, 2, 24, 0)
		c.rect(c.p.light, 15, 0, 2, 24, 0)
	},
	"check": func(c *canvas) {
		c.rect(c.p.accent+"80", 0, 0, 12, 24, 0)
		c.rect(c.p.accent+"80", 0, 0, 24, 12, 0)
	},
	"grid": func(c *canvas) {
		c.rect(c.p.accent, 11, 0, 2, 24, 0)
		c.rect(c.p.accent, 0, 11, 24, 2, 0)
	},
	"dot": func(c *canvas) {
		c.circle(c.p.accent, 6, 6, 3)
		c.circle(c.p.accent, 18, 18, 3)
	},
	"herringbone": func(c *canvas) {
		c.stroke(c.p.accent, 3, "M0 12L12 0L24 12M0 24L12 12L24 24M0 0L0 0")
	},
	"wave": func(c *canvas) {
		c.stroke(c.p.accent, 3, "M-1 7Q6 -1 12 7T25 7")
		c.stroke(c.p.light, 2, "M-1 19Q6 11 12 19T25 19")
	},
	"diamond": func(c *canvas) {
		c.path(c.p.light, "M12 1L21 12L12 23L3 12Z")
		c.path(c.p.accent, "M12 7L16 12L12 17L8 12Z")
	},
	"fleck": func(c *canvas) {
		c.path(c.p.accent, "M3 4l5 -2l2 4l-5 2Z")
		c.path(c.p.dark, "M15 3l3 1l-1 3l-3 -1Z")
		c.path(c.p.light, "M18 13l4 1l-1 5l-5 -2Z")
		c.path(c.p.accent, "M6 16l3 2l-2 3l-3 -2Z")
		c.path(c.p.dark, "M11 11l2 0l0 2l-2 0Z")
	},
}

// definePattern puts the pattern into the drawing as the paint "url(#p)". Its
// scale is one of the things that the seed decides.
func (c *canvas) definePattern(scale int) {
	tile, ok := tiles[c.pattern]
	if !ok {
		return
	}
	c.element("pattern",
		fmt.Sprintf(`id="p" width="24" height="24" patternUnits="userSpaceOnUse" patternTransform="scale(%d.%d)"`, scale/10, scale%10),
		func() { tile(c) })
}
