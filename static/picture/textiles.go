package picture

var textiles = map[string]kind{
	"cushion": {cushion, overlapping, focus{120, 130}, true},
	"blanket": {blanket, overlapping, focus{150, 300}, true},
	"towel":   {towel, overlapping, focus{140, 290}, true},
	"rug":     {rug, rugInRoom, focus{130, 300}, true},
	"curtain": {curtain, atWindow, focus{110, 100}, true},
	"apron":   {apron, sideBySide, focus{200, 236}, true},
	"blind":   {blind, atWindow, focus{250, 110}, false},
}

func cushion(c *canvas) {
	size, puff := c.between(112, 128), c.between(5, 11)
	low, high := 200-size, 200+size
	body := outline("M%d %dQ200 %d %d %dQ%d 200 %d %dQ200 %d %d %dQ%d 200 %d %dZ",
		low, low, low+2*puff, high, low, high-2*puff, high, high, high-2*puff, low, high, low+2*puff, low, low)
	c.lying(body)
	c.flat(body)
	c.stroke(c.p.dark, 4, "%s", body)
	for _, corner := range [][2]int{{low, low}, {high, low}, {high, high}, {low, high}} {
		dx, dy := sign(200-corner[0]), sign(200-corner[1])
		c.stroke(faintShadow, 5, "M%d %dq%d %d %d %d", corner[0]+dx*14, corner[1]+dy*14, dx*14, dy*30, dx*44, dy*52)
		c.stroke(faintGleam, 4, "M%d %dq%d %d %d %d", corner[0]+dx*26, corner[1]+dy*16, dx*30, dy*12, dx*56, dy*32)
	}
	if c.pick(3) == 0 {
		c.circle(c.p.dark, 200, 200, 9)
		c.circle(c.p.light, 198, 198, 5)
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

func blanket(c *canvas) {
	half, top := c.between(108, 122), c.between(92, 108)
	left, right, fold := 200-half, 200+half, top+c.between(40, 62)
	c.lying(box(left, top, 2*half, 214, 14))
	fringe := c.between(9, 12)
	fringes := ""
	for x := left + 8; x < right-4; x += fringe {
		fringes += outline("M%d 306q%d 10 %d 22", x, c.between(-3, 3), c.between(-3, 3))
	}
	c.stroke(c.p.light, 4, "%s", fringes)
	c.flat(box(left, top, 2*half, 214, 14))
	for i := range 2 { // the layers of the folded cloth, at its right edge
		c.stroke(shadow, 3, "M%d %dq-7 %d -2 %d", right-8-i*9, top+16, 80, 180)
	}
	c.stroke(shadow, 5, "M%d %dq%d 12 %d 2", left+4, fold+3, half, 2*half-10)
	c.stroke(faintGleam, 4, "M%d %dq%d 12 %d 2", left+6, fold-3, half, 2*half-14)
	c.dashes(c.p.accent, "M%d 297H%d", left+12, right-12)
	c.panel(paper, box(right-52, 262, 30, 20, 3))
	c.stroke(c.p.dark, 2, "M%d 269h16M%d 275h10", right-45, right-45)
}

func towel(c *canvas) {
	half, top := c.between(84, 104), c.between(98, 118)
	left, border := 200-half, c.between(18, 34)
	c.lying(box(left, top, 2*half, 206, 18))
	c.flat(box(left, top, 2*half, 206, 18))
	c.rect(c.p.light, left, 300-border, 2*half, border/2, 0)
	c.rect(c.p.accent, left, 300-border+border/2+4, 2*half, 4, 0)
	c.stroke(shadow, 4, "M%d %dq%d 8 %d 0", left+2, top+68, half, 2*half-4)
	c.stroke(faintGleam, 4, "M%d %dq%d 8 %d 0", left+4, top+62, half, 2*half-8)
	c.stroke(faintShadow, 4, "M%d %dv166", left+half*4/3, top+24)
	c.stroke(c.p.dark, 4, "M%d %dq8 -28 16 0", left+22, top+2)
}

func rug(c *canvas) {
	half, top, bottom := c.between(96, 112), 62, 338
	left, right := 200-half, 200+half
	fringes := ""
	for x := left + 4; x < right; x += 10 {
		fringes += outline("M%d %dv-14M%d %dv14", x, top, x, bottom)
	}
	c.stroke(c.p.light, 3, "%s", fringes)
	c.lying(box(left, top, 2*half, bottom-top, 3))
	c.flat(box(left, top, 2*half, bottom-top, 3))
	inset := c.between(10, 16)
	c.rect(c.p.dark, left, top+inset, 2*half, 9, 0)
	c.rect(c.p.dark, left, bottom-inset-9, 2*half, 9, 0)
	c.rect(c.p.light, left, top+inset+14, 2*half, 4, 0)
	c.rect(c.p.light, left, bottom-inset-18, 2*half, 4, 0)
	if c.pattern == plain {
		r := c.between(34, 54)
		c.path(c.p.light, "M200 %dl%d %dl-%d %dl-%d -%dZ", 200-r-14, r, r+14, r, r+14, r, r+14)
		c.path(c.p.accent, "M200 %dl%d %dl-%d %dl-%d -%dZ", 214-r, r-18, r-14, r-18, r-14, r-18, r-14)
	}
}

// rugInRoom lays a rug on the floor, drawn out by the view from the side.
func rugInRoom(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.window(140, 30)
	c.floor()
	c.transformed(thing, "translate(420 264) rotate(90) scale(.42 1.1)")
	c.plant(44, 318, 70)
}

func curtain(c *canvas) {
	drop, tieback := c.between(318, 336), c.between(196, 230)
	c.rect("#dcebf2", 96, 64, 208, 226, 4)
	c.path("#bcd3b2", "M96 244q70 -40 208 -14v56q0 4 -4 4H100q-4 0 -4 -4Z")
	c.stroke(white, 8, "M96 64h208v226H96ZM200 64v226M96 168h208")
	for _, side := range []string{"", "translate(400 0) scale(-1 1)"} {
		c.transformed(func() { c.drape(drop, tieback) }, "%s", side)
	}
	c.solid(brass, box(44, 40, 312, 9, 4))
	c.circle(brass, 42, 44, 10)
	c.circle(brass, 358, 44, 10)
}

// drape draws the left one of a pair of curtains.
func (c *canvas) drape(drop, tieback int) {
	c.flat(outline("M56 46H190Q186 %d 112 %dQ132 %d 138 %dH56Z", tieback-50, tieback, tieback+50, drop))
	for i := range 4 {
		x := 74 + i*30
		c.stroke(faintShadow, 6, "M%d 52Q%d %d %d %d", x, x, tieback-40, 66+i*11, tieback)
		c.stroke(faintShadow, 5, "M%d %dQ%d %d %d %d", 66+i*11, tieback+8, 68+i*16, tieback+50, 70+i*18, drop-4)
	}
	c.rect(c.p.dark, 52, tieback-6, 64, 12, 6)
}

func apron(c *canvas) {
	half, waist := c.between(94, 108), c.between(158, 172)
	bib := c.between(48, 58)
	c.stroke(c.p.dark, 9, "M%d 92C%d 20 %d 20 %d 92", 206-bib, 176-bib, 224+bib, 194+bib)
	c.stroke(c.p.dark, 7, "M%d %dq-34 4 -44 40M%d %dq34 4 44 40", 204-half, waist+4, 196+half, waist+4)
	body := outline("M%d 84H%dQ%d %d %d %dV318q0 12 -12 12H%dq-12 0 -12 -12V%dQ%d %d %d 84Z",
		200-bib, 200+bib, 204+bib, waist-10, 200+half, waist, 212-half, waist, 196-bib, waist-10, 200-bib)
	c.lying(body)
	c.flat(body)
	c.rect(c.p.dark, 200-bib, 84, 2*bib, 9, 2)
	width, y := c.between(52, 68), c.between(212, 228)
	c.path(c.p.dark, "M%d %dH%dv52q0 14 -14 14H%dq-14 0 -14 -14Z", 200-width, y, 200+width, 214-width)
	c.dashes(c.p.accent, "M%d %dH%dM%d %dv40q0 12 12 12H%dq12 0 12 -12v-40M200 %dv50", 206-width, y+8, 194+width, 206-width, y+14, 182+width, y+14)
	c.circle(brass, 208-bib, 98, 5)
	c.circle(brass, 192+bib, 98, 5)
}

func blind(c *canvas) {
	gap := c.between(15, 19)
	c.rect("#e3f0f5", 70, 60, 260, 278, 2)
	c.path("#bcd3b2", "M70 270q90 -40 260 -16v84H70Z")
	c.stroke(white, 10, "M70 60h260v278H70ZM200 60v278")
	low := c.between(264, 306)
	for y := 76; y < low; y += gap {
		c.rect(c.p.dark, 60, y+7, 280, 3, 1)
		c.rect(c.p.base, 60, y, 280, 8, 2)
		c.rect(c.p.light, 62, y, 276, 3, 1)
	}
	c.panel(c.p.base, box(56, 46, 288, 22, 4))
	c.panel(c.p.base, box(58, low, 284, 12, 4))
	for _, x := range []int{100, 296} {
		c.rect(c.p.accent, x, 66, 8, low-60, 0)
	}
	c.stroke(c.p.dark, 2, "M326 66v%d", low-110)
	c.circle(c.p.dark, 326, low-40, 5)
}
