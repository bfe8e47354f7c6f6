package picture

var lighting = map[string]kind{
	"desklamp":  {desklamp, onTable, focus{150, 150}, false},
	"tablelamp": {tablelamp, onTable, focus{200, 215}, true},
	"pendant":   {pendant, overTable, focus{200, 190}, true},
	"lantern":   {lantern, onShelf, focus{200, 220}, false},
	"candle":    {candle, onShelf, focus{200, 150}, true},
	"floorlamp": {floorlamp, inRoom, focus{200, 110}, true},
}

func desklamp(c *canvas) {
	elbowX, elbowY := c.between(262, 284), c.between(172, 192)
	headX, headY := c.between(158, 176), c.between(108, 124)
	c.standing(220, 328, 76)
	c.path("url(#halo)", "M%d %dL%d 330H%dZ", headX-16, headY+10, headX-110, headX+60)
	c.ellipse("url(#halo)", headX-24, headY+64, 62, 54)
	c.solid(c.p.dark, lathe(220, false, ring{58, 312}, ring{62, 324}))
	c.ellipse(c.p.base, 220, 312, 58, 9)
	c.stroke(c.p.dark, 9, "M220 308L%d %dL%d %d", elbowX, elbowY, headX+10, headY)
	c.stroke(c.p.base, 4, "M218 308L%d %dL%d %d", elbowX-1, elbowY, headX+10, headY-2)
	c.circle(brass, elbowX, elbowY, 11)
	c.circle(brassLight, elbowX-2, elbowY-2, 5)
	c.transformed(func() {
		c.circle(glow, headX, headY+56, 15)
		c.round(outline("M%d %dq0 -16 18 -16t18 16q4 26 34 60q-52 18 -104 0q30 -34 34 -60Z", headX-18, headY))
		c.path(c.p.light+"b0", "M%d %dq-4 26 -28 54q8 4 14 5q18 -30 22 -60Z", headX-12, headY)
		c.rect(brass, headX-12, headY-24, 24, 12, 4)
	}, "rotate(%d %d %d)", c.between(16, 28), headX, headY)
	c.circle(brass, headX+8, headY, 7)
}

func tablelamp(c *canvas) {
	half, top := c.between(78, 94), c.between(84, 98)
	belly, bottom := c.between(50, 64), top+108
	c.standing(200, 328, belly+14)
	c.ellipse("url(#halo)", 200, top+60, 170, 150)
	c.rect(brassDark, 194, bottom-6, 12, 40, 2)
	c.round(lathe(200, true, ring{15, bottom + 24}, ring{24, bottom + 40}, ring{belly, bottom + 78}, ring{belly - 8, 300}, ring{belly - 20, 320}))
	shade := lathe(200, false, ring{half - 34, top}, ring{half, bottom})
	c.path(glow, "%s", shade)
	c.path(c.p.accent+"66", "%s", shade)
	c.path("url(#round)", "%s", shade)
	c.stroke(c.p.dark+"90", 3, "M%d %dA%d %d 0 0 0 %d %d", 200-half, bottom, half, tilt(half), 200+half, bottom)
	c.ellipse("#fff6dc", 200, top, half-34, tilt(half-34))
}

func pendant(c *canvas) {
	half, height := c.between(96, 122), c.between(84, 116)
	top := c.between(128, 146)
	bottom := top + height
	c.ellipse("url(#halo)", 200, bottom+40, 170, 120)
	c.rect(blackLight, 198, 0, 4, top-22, 0)
	c.solid(brass, lathe(200, false, ring{11, top - 24}, ring{17, top + 2}))
	var shade string
	switch c.pick(3) {
	case 0: // a dome
		shade = lathe(200, true, ring{22, top}, ring{half * 7 / 10, top + height/4}, ring{half * 19 / 20, top + height*2/3}, ring{half, bottom})
	case 1: // a bell
		shade = lathe(200, true, ring{20, top}, ring{34, top + height/3}, ring{half * 3 / 5, top + height*3/5}, ring{half, bottom})
	default: // a cone
		shade = lathe(200, false, ring{24, top}, ring{half, bottom})
	}
	c.round(shade)
	c.ellipse(c.p.dark, 200, bottom, half, tilt(half))
	c.ellipse(glow, 200, bottom+1, half-6, tilt(half)-3)
	c.ellipse("#fff8e4", 200, bottom+3, half/3, tilt(half)/2)
}

func lantern(c *canvas) {
	half, top := c.between(52, 66), c.between(152, 172)
	c.standing(200, 328, half+16)
	c.stroke(blackLight, 4, "M%d %dC%d %d %d %d %d %d", 200-half, top+16, 190-half, top-106, 210+half, top-106, 200+half, top+16)
	c.ellipse("url(#halo)", 200, 236, 130, 120)
	c.path(glow+"90", "%s", lathe(200, true, ring{half - 16, top + 10}, ring{half - 4, 236}, ring{half - 14, 286}))
	c.flame(200, 262, c.between(22, 30))
	c.rect(steelLight, 190, 262, 20, 26, 3)
	c.stroke(gleam, 5, "M%d %dq-12 40 0 76", 222-half, top+30)
	c.stroke(c.p.dark, 6, "M%d %dV300M%d %dV300", 201-half, top+6, 199+half, top+6)
	c.bare(lathe(200, false, ring{half + 6, 288}, ring{half + 12, 318}))
	c.bare(lathe(200, true, ring{18, top - 36}, ring{30, top - 20}, ring{half + 8, top + 8}))
	c.bare(lathe(200, false, ring{13, top - 50}, ring{18, top - 34}))
}

// bare draws a round body in the color of the thing, without its pattern.
func (c *canvas) bare(outline string) { c.solid(c.p.base, outline) }

// flame draws a flame whose foot is at y.
func (c *canvas) flame(x, y, height int) {
	c.path("#f5a733", "M%d %dq-%d -%d 0 -%dq%d %d 0 %dZ", x, y, height/2, height/2, height*3/2, height/2, height, height*3/2)
	c.path("#fff0b8", "M%d %dq-%d -%d 0 -%dq%d %d 0 %dZ", x, y, height/4, height/4, height*4/5, height/4, height/2, height*4/5)
}

func candle(c *canvas) {
	half, top := c.between(40, 56), c.between(142, 190)
	c.standing(200, 326, half+40)
	c.solid(brass, lathe(200, true, ring{half + 34, 302}, ring{half + 20, 316}, ring{half, 320}))
	c.ellipse(brassLight, 200, 302, half+34, tilt(half+34))
	c.ellipse(brassDark+"90", 204, 304, half+12, tilt(half+12))
	c.ellipse("url(#halo)", 200, top-30, 120, 110)
	c.round(lathe(200, true, ring{half, top}, ring{half, 220}, ring{half, 300}))
	c.ellipse(c.p.light, 200, top, half, tilt(half))
	c.ellipse(glow, 200, top+1, half-10, tilt(half)-3)
	drip := c.between(-half+10, half-24)
	c.stroke(c.p.light, 9, "M%d %dv%d", 200+drip, top+7, c.between(14, 44))
	c.stroke(black, 3, "M200 %dq2 -8 -1 -16", top+2)
	c.flame(200, top-10, c.between(26, 34))
}

func floorlamp(c *canvas) {
	half, top := c.between(60, 78), c.between(48, 64)
	bottom := top + c.between(70, 84)
	c.standing(200, 344, 64)
	c.ellipse("url(#halo)", 200, bottom-10, 150, 130)
	c.solid(brass, box(196, bottom-6, 8, 340-bottom, 3))
	c.solid(c.p.dark, lathe(200, false, ring{50, 332}, ring{54, 342}))
	c.ellipse(c.p.base, 200, 332, 50, 8)
	c.round(lathe(200, false, ring{half * 3 / 5, top}, ring{half, bottom}))
	c.ellipse(c.p.dark, 200, bottom, half, tilt(half))
	c.ellipse(glow, 200, bottom+1, half-5, tilt(half)-3)
	c.stroke(brassDark, 2, "M%d %dv34", 200+half/2, bottom+4)
	c.circle(brass, 200+half/2, bottom+40, 4)
}
