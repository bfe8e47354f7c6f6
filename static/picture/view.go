package picture

// kind is one sort of thing. draw puts it in front of the viewer: standing on
// a floor at y = 330, lying around the middle, or hanging.
type kind struct {
	draw      func(*canvas)
	scene     func(*canvas, func())
	focus     focus
	patterned bool // whether its surface can wear a pattern
}

// focus is the point that the detail view looks at.
type focus struct{ x, y int }

// views draw a thing as a shop photographs it.
var views = map[string]func(*canvas, kind){
	"front": func(c *canvas, k kind) {
		c.backdrop(c.p.background)
		c.transformed(func() { c.again(k.draw) }, "translate(-30 -34) scale(1.15)")
	},
	"detail": func(c *canvas, k kind) {
		c.tabletop()
		c.transformed(func() { c.again(k.draw) }, "translate(200 205) rotate(-7) scale(2.1) translate(%d %d)", -k.focus.x, -k.focus.y)
	},
	"set": func(c *canvas, k kind) {
		k.scene(c, c.repeatable(k.draw))
	},
}

// repeatable returns a function that draws a thing when it is called first and
// refers to that drawing from then on.
func (c *canvas) repeatable(draw func(*canvas)) func() {
	drawn := false
	return func() {
		if drawn {
			c.b.WriteString(`<use href="#thing"/>`)
			return
		}
		drawn = true
		c.element("g", `id="thing"`, func() { c.again(draw) })
	}
}

// again draws a thing with the picks of its seed from the beginning.
func (c *canvas) again(draw func(*canvas)) {
	c.reseed(shape)
	draw(c)
}

// backdrop fills the picture with a color, lighter in the middle.
func (c *canvas) backdrop(color string) {
	c.rect(color, 0, 0, 400, 400, 0)
	c.rect("url(#back)", 0, 0, 400, 400, 0)
}

// tabletop fills the picture with a deeper tone of the background, for what is
// seen from nearby or from above.
func (c *canvas) tabletop() {
	c.backdrop(c.p.background)
	c.rect(c.p.base+"59", 0, 0, 400, 400, 0)
}
