package picture

var kitchenware = map[string]kind{
	"mug": {mug, onShelf, focus{270, 220}, true},
}

func mug(c *canvas) {
	half, top := c.between(72, 86), c.between(150, 176)
	foot := half - c.pick(14)
	c.standing(200, 328, half+12)
	reach := c.between(40, 56)
	c.stroke(c.p.dark, 20, "M%d %dc%d -12 %d 92 -6 96", 200+half-6, top+36, reach+24, reach+24)
	c.stroke(c.p.base, 13, "M%d %dc%d -12 %d 92 -6 96", 200+half-6, top+35, reach+23, reach+23)
	c.round(lathe(200, true, ring{half, top}, ring{half, top + 70}, ring{foot, 318}))
	c.opening(c.p.light, c.p.dark, 200, top, half)
	c.ellipse("#4a3020", 200, top+4, half-12, tilt(half)-6)
}
