package picture

var gardening = map[string]kind{
	"wateringcan": {wateringcan, outdoors, focus{104, 190}, true},
	"planter":     {planter, severalOutdoors, focus{230, 225}, true},
	"trowel":      {trowel, risingRow, focus{205, 200}, false},
	"birdhouse":   {birdhouse, onPost, focus{200, 210}, true},
	"basket":      {basket, outdoors, focus{150, 270}, false},
	"bench":       {bench, outdoors, focus{110, 250}, false},
}

func wateringcan(c *canvas) {
	half, top := c.between(64, 76), c.between(188, 204)
	cx := 232
	c.standing(cx-10, 328, half+10)
	high := c.between(138, 156)
	c.stroke(c.p.dark, 15, "M%d 280C120 270 130 200 92 %d", cx-half+8, high+12)
	c.stroke(c.p.base, 10, "M%d 279C121 269 131 199 93 %d", cx-half+8, high+12)
	c.transformed(func() {
		c.path(brass, "M82 %dl-16 -20h44l-14 20Z", high+20)
		c.ellipse(brassLight, 88, high, 22, 6)
		c.dashes(brassDark, "M72 %dh32", high)
	}, "rotate(-34 88 %d)", high+10)
	bow := c.between(96, 116)
	c.stroke(c.p.dark, 13, "M%d %dC%d %d %d %d %d 278", cx-half+14, top+2, cx-half+30, top-bow, cx+half+70, top-bow, cx+half-6)
	c.stroke(c.p.base, 8, "M%d %dC%d %d %d %d %d 278", cx-half+14, top+1, cx-half+30, top-bow, cx+half+69, top-bow, cx+half-6)
	c.round(lathe(cx, false, ring{half - 8, top}, ring{half, 318}))
	c.opening(c.p.dark, black, cx, top, half-8)
	c.path(c.p.base, "M%d %dA%d %d 0 0 0 %d %dL%d %dA%d %d 0 0 1 %d %dZ", cx-half+8, top, half-8, tilt(half-8), cx, top+tilt(half-8), cx, top-tilt(half-8), half-8, tilt(half-8), cx-half+8, top)
	c.stroke(c.p.light, 4, "M%d 300A%d %d 0 0 0 %d 300", cx-half+2, half, tilt(half), cx+half-2)
}

func planter(c *canvas) {
	half, top := c.between(76, 92), c.between(212, 228)
	foot := half * c.between(66, 78) / 100
	c.standing(200, 330, half)
	c.foliage(top, c.between(92, 118))
	c.bare(lathe(200, false, ring{foot + 16, 312}, ring{foot + 10, 324}))
	c.round(lathe(200, false, ring{half - 6, top + 22}, ring{foot, 316}))
	c.bare(lathe(200, false, ring{half, top}, ring{half - 1, top + 26}))
	c.path(shadow, "M%d %dA%d %d 0 0 0 %d %dv7A%d %d 0 0 1 %d %dZ", 206-half, top+26, half-4, tilt(half), 194+half, top+26, half-4, tilt(half), 206-half, top+33)
	c.ellipse(c.p.light, 200, top, half, tilt(half))
	c.ellipse(soil, 200, top+1, half-8, tilt(half)-4)
	c.foliage(top+6, c.between(56, 74))
}

// foliage draws a tuft of leaves that grow from y to the given height.
func (c *canvas) foliage(y, height int) {
	for i := range 7 {
		reach := (i-3)*c.between(20, 28) + c.between(-6, 6)
		up := height - (i-3)*(i-3)*height/22
		color := []string{leafDark, leaf, leafLight}[(i+height)%3]
		c.path(color, "M200 %dq%d -%d %d -%dq%d %d -%d %dZ", y, reach/5-13, up*3/4, reach, up, 14+reach/6, up/2, reach, up)
		c.stroke(leafDark+"60", 2, "M200 %dq%d -%d %d -%d", y, reach/4, up/2, reach*4/5, up*4/5)
	}
}

func trowel(c *canvas) {
	length, width := c.between(126, 144), c.between(27, 34)
	c.transformed(func() {
		blade := outline("M186 %dH%dQ%d %d %d 200Q%d %d %d %dH186q-8 -%d 0 -%dZ",
			200-width, 196-length/2, 90, 200-width, 186-length, 90, 200+width, 196-length/2, 200+width, width, 2*width)
		handle := outline("M252 186q20 -6 44 0t50 -2q16 2 16 16t-16 16q-26 4 -50 -2t-44 0Z")
		c.lying(blade)
		c.lying(handle)
		c.stroke(c.p.dark, 12, "M182 200q40 -2 74 0")
		c.stroke(c.p.base, 7, "M182 198q40 -2 74 0")
		c.panel(steel, blade)
		c.path(steelLight, "M180 %dH%dQ%d %d %d 198Z", 208-width, 200-length/2, 100, 210-width, 200-length)
		c.stroke(steelDark, 3, "M%d 200H176", 210-length)
		for i := range 4 {
			c.stroke(steelDark, 2, "M%d %dv10", 170-i*length/7, 202-width)
		}
		c.panel(wood, handle)
		c.rect(c.p.base, 246, 186, 18, 28, 4)
		c.circle(brass, 276, 200, 4)
		c.stroke(leather, 3, "M354 196q24 -14 28 6t-26 4")
	}, "rotate(%d 200 200) translate(-16 0)", c.between(-42, -36))
}

func birdhouse(c *canvas) {
	half, top := c.between(68, 80), c.between(156, 172)
	ridge := top - c.between(56, 76)
	c.standing(200, 328, half+10)
	front := outline("M%d %dL200 %dL%d %dV318H%dZ", 200-half, top, ridge, 200+half, top, 200-half)
	c.flat(front)
	if c.pattern == plain {
		c.stroke(faintShadow, 2, "M%d %dV318M200 %dV318M%d %dV318", 200-half/2, (top+ridge)/2+6, ridge+8, 200+half/2, (top+ridge)/2+6)
	}
	c.path(shadow, "M%d %dL200 %dL%d %dv14L200 %dL%d %dZ", 200-half, top, ridge, 200+half, top, ridge+20, 200-half, top+14)
	roof := outline("M%d %dL200 %dL%d %dl-12 14L200 %dL%d %dZ", 174-half, top+20, ridge-16, 226+half, top+20, ridge+8, 186-half, top+34)
	c.panel(c.p.dark, roof)
	c.stroke(c.p.light+"80", 2, "M%d %dL200 %dL%d %d", 176-half, top+19, ridge-14, 224+half, top+19)
	hole := c.between(18, 23)
	c.circle(c.p.light, 200, top+56, hole+6)
	c.circle("#2b211b", 200, top+56, hole)
	c.path(faintGleam, "M%d %da%d %d 0 0 1 %d 0a%d %d 0 0 0 -%d 0Z", 200-hole, top+60, hole, hole, 2*hole, hole, hole-5, 2*hole)
	c.rect(woodDark, 196, top+94, 8, 26, 4)
	c.circle(woodLight, 200, top+118, 6)
	c.panel(c.p.dark, box(190-half, 312, 2*half+20, 13, 4))
	if c.pick(2) == 0 {
		c.heart(200, 300)
	}
}

// heart draws a small heart whose tip is at x, y.
func (c *canvas) heart(x, y int) {
	c.path(c.p.accent, "M%d %dq-14 -12 -10 -20q6 -8 10 0q4 -8 10 0q4 8 -10 20Z", x, y)
}

// onPost puts a thing on a post in a garden.
func onPost(c *canvas, thing func()) {
	c.lawn()
	c.rect(woodDark, 190, 240, 22, 140, 0)
	c.rect(wood, 190, 240, 14, 140, 0)
	c.transformed(thing, "translate(60 22) scale(.7)")
	c.path("#7fa266", "M140 400q10 -40 30 -34q8 -20 26 -4q16 -18 32 2q24 -2 34 36Z")
	c.tufts()
}

func basket(c *canvas) {
	half, top := c.between(104, 118), c.between(232, 244)
	foot := half - c.between(16, 28)
	rise := c.between(150, 176)
	c.standing(200, 326, half)
	c.stroke(c.p.dark, 13, "M%d %dC%d %d %d %d %d %d", 208-half, top, 214-half, top-rise, 186+half, top-rise, 192+half, top)
	c.stroke(c.p.light, 4, "M%d %dC%d %d %d %d %d %d", 206-half, top, 212-half, top-rise-2, 186+half, top-rise-2, 190+half, top)
	c.ellipse(c.p.dark, 200, top, half, tilt(half))
	fruit := []string{"#b8402f", "#cf6a3a", "#8ea04a", "#d3a63c"}
	for i := range 7 {
		x, y := 200+(i-3)*half/4, top-4-(i%2)*12
		c.circle(fruit[c.pick(len(fruit))], x, y, 21)
		c.ellipse(gleam, x-7, y-8, 5, 4)
		c.stroke(leafDark, 3, "M%d %dq2 -8 6 -9", x, y-18)
	}
	c.round(outline("M%d %dA%d %d 0 0 0 %d %dL%d 310A%d 12 0 0 1 %d 310Z", 200-half, top, half, tilt(half), 200+half, top, 200+foot, foot, 200-foot))
	c.weave(half, foot, top)
	c.stroke(c.p.dark, 11, "M%d %dA%d %d 0 0 0 %d %d", 200-half, top, half, tilt(half), 200+half, top)
	c.stroke(c.p.light, 3, "M%d %dA%d %d 0 0 0 %d %d", 202-half, top-2, half-2, tilt(half), 198+half, top-2)
}

// weave draws the rods of a basket from its rim to its foot.
func (c *canvas) weave(half, foot, top int) {
	rods, shadows := "", ""
	for row := range 4 {
		y := top + 24 + row*15
		wide := half - (half-foot)*row/5 - 8
		for x := -wide + row%2*14; x < wide-14; x += 28 {
			sag := tilt(half) - x*x*tilt(half)/(half*half)
			rods += outline("M%d %dq11 5 22 0", 200+x, y+sag-6)
			shadows += outline("M%d %dq11 5 22 0", 200+x, y+sag)
		}
	}
	c.stroke(c.p.dark, 4, "%s", shadows)
	c.stroke(c.p.light, 5, "%s", rods)
}

func bench(c *canvas) {
	half, back := c.between(138, 152), c.between(160, 174)
	left, right := 200-half, 200+half
	c.standing(200, 328, half)
	c.stroke(black, 9, "M%d %dV326M%d %dV326", left+22, back-6, right-22, back-6)
	slats := c.between(3, 4)
	for i := range slats {
		c.panel(c.p.base, box(left, back+i*66/slats, 2*half, 66/slats-5, 4))
	}
	c.stroke(blackLight, 8, "M%d 326L%d 252M%d 326L%d 252", left+8, left+14, right-8, right-14)
	c.path(c.p.dark, "M%d 246H%dl14 22H%dZ", left+4, right-4, left-10)
	for i := range 3 {
		c.panel(c.p.base, box(left-2-i*4, 244+i*9, 2*half+4+i*8, 7, 3))
	}
	c.stroke(blackLight, 8, "M%d %dq-6 -6 -26 0q-8 4 -2 24l4 30M%d %dq6 -6 26 0q8 4 2 24l-4 30", left+24, back+38, right-24, back+38)
}
