package picture

var bags = map[string]kind{
	"backpack": {backpack, inRoom, focus{200, 180}, true},
	"tote":     {tote, inRoom, focus{160, 170}, true},
	"suitcase": {suitcase, inRoom, focus{240, 150}, true},
	"pouch":    {pouch, overlapping, focus{280, 160}, true},
	"satchel":  {satchel, inRoom, focus{150, 240}, false},
	"duffel":   {duffel, inRoom, focus{200, 210}, true},
}

func backpack(c *canvas) {
	half, top := c.between(82, 94), c.between(108, 122)
	left := 200 - half
	c.standing(200, 328, half+6)
	c.stroke(leatherDark, 9, "M176 %dq0 -34 24 -34t24 34", top+6)
	c.path(c.p.dark, "M%d 210q-22 6 -22 40v48q0 18 22 20ZM%d 210q22 6 22 40v48q0 18 -22 20Z", left+6, 394-left)
	c.round(outline("M%d %dq0 -44 46 -48h%dq46 4 46 48V306q0 20 -20 20H%dq-20 0 -20 -20Z", left, top+48, 2*half-92, left+20))
	flap := c.between(178, 200)
	c.bare(outline("M%d %dq0 -44 46 -48h%dq46 4 46 48V%dq%d 26 -%d 0Z", left-3, top+46, 2*half-86, flap, -half, 2*half+6))
	c.dashes(c.p.light, "M%d %dq%d 26 %d 0", left+6, flap-8, half-6, 2*half-12)
	c.pocket(left+20, 236, 2*half-40, 72)
	for _, x := range []int{200 - half/2, 200 + half/2} {
		c.panel(leather, box(x-7, flap-26, 14, 76, 4))
		c.stroke(brass, 3, "M%d %dh20v14h-20Z", x-10, flap+14)
		c.circle(leatherDark, x, flap+40, 2)
	}
}

// pocket draws a patch pocket with its seam.
func (c *canvas) pocket(x, y, width, height int) {
	c.bare(box(x, y, width, height, 12))
	c.rect(c.p.dark, x, y, width, 10, 4)
	c.dashes(c.p.light, "M%d %dv%dq0 6 6 6h%dq6 0 6 -6v-%d", x+6, y+16, height-28, width-24, height-28)
}

func tote(c *canvas) {
	half, top := c.between(98, 112), c.between(168, 182)
	c.standing(200, 328, half)
	reach := c.between(112, 132)
	c.stroke(c.p.dark, 12, "M%d %dC%d %d %d %d %d %d", 152, top+6, 150, top-reach, 250, top-reach, 248, top+6)
	c.flat(outline("M%d %dH%dL%d 316q0 10 -10 10H%dq-10 0 -10 -10Z", 200-half, top, 200+half, 194+half, 216-half))
	c.stroke(shadow, 5, "M%d %dL%d 322M%d %dL%d 322", 214-half, top+8, 224-half, 186+half, top+8, 178+half)
	c.rect(c.p.dark, 200-half, top, 2*half, 8, 2)
	c.dashes(c.p.light, "M%d %dH%d", 206-half, top+14, 194+half)
	c.stroke(c.p.light, 12, "M152 %dC150 %d 250 %d 248 %dM152 %dv40M248 %dv40", top+40, top-reach+34, top-reach+34, top+40, top, top)
	c.dashes(c.p.dark, "M147 %dh10v34h-10ZM243 %dh10v34h-10Z", top+10, top+10)
}

func suitcase(c *canvas) {
	half, top := c.between(82, 94), c.between(122, 138)
	left := 200 - half
	c.standing(200, 334, half)
	c.stroke(steel, 7, "M168 %dV62h64V%d", top, top)
	c.stroke(blackLight, 12, "M172 62h56")
	for _, x := range []int{left + 18, 382 - left} {
		c.circle(black, x, 326, 11)
		c.circle(steelDark, x, 326, 5)
	}
	c.round(box(left, top, 2*half, 318-top, 20))
	ribs := c.between(3, 5)
	for i := 1; i <= ribs; i++ {
		x := left + i*2*half/(ribs+1)
		c.stroke(shadow, 4, "M%d %dV302", x+3, top+18)
		c.stroke(faintGleam, 4, "M%d %dV302", x, top+18)
	}
	c.path(c.p.dark, "M%d %dq0 -20 20 -20h16l-36 36ZM%d %dq0 -20 -20 -20h-16l36 36Z", left, top+20, left+2*half, top+20)
	c.path(c.p.dark, "M%d 298q0 20 20 20h16l-36 -36ZM%d 298q0 20 -20 20h-16l36 -36Z", left, left+2*half)
	c.panel(black, box(left+2*half-26, top+28, 22, 34, 6))
	c.circle(steelLight, left+2*half-15, top+38, 4)
	c.circle(steelLight, left+2*half-15, top+51, 4)
	c.stroke(blackLight, 9, "M172 %dq28 -14 56 0", top+4)
}

func pouch(c *canvas) {
	half, height := c.between(108, 122), c.between(128, 148)
	top := 216 - height/2
	bottom := top + height
	body := outline("M%d %dH%dq12 %d 0 %dq-%d 14 -%d 0q-12 -%d 0 -%dZ", 200-half, top, 200+half, height/2, height, half, 2*half, height/2, height)
	c.lying(body)
	c.flat(body)
	c.stroke(faintShadow, 5, "M%d %dq%d 12 %d 0", 206-half, bottom-16, half-6, 2*half-12)
	c.rect(c.p.dark, 196-half, top-6, 2*half+8, 18, 6)
	c.rect(brass, 204-half, top, 2*half-8, 5, 2)
	c.stroke(brassDark, 2, "M%d %dh%d", 206-half, top+2, 2*half-12)
	x := 200 + half - c.between(24, 60)
	c.panel(brass, box(x-7, top-3, 14, 14, 3))
	c.panel(leather, box(x-5, top+10, 10, 40, 5))
	c.circle(leatherDark, x, top+42, 2)
	c.panel(paper, box(212-half, bottom-48, 34, 22, 3))
	c.stroke(c.p.dark, 2, "M%d %dh18M%d %dh12", 220-half, bottom-40, 220-half, bottom-34)
}

func satchel(c *canvas) {
	half, top := c.between(116, 130), c.between(156, 170)
	left := 200 - half
	c.standing(200, 326, half)
	c.stroke(c.p.dark, 12, "M162 %dq0 -38 38 -38t38 38", top+6)
	c.stroke(c.p.base, 7, "M162 %dq0 -38 38 -38t38 38", top+5)
	c.flat(box(left, top, 2*half, 322-top, 14))
	c.bare(box(left+18, 262, 2*half-36, 52, 8))
	flap := c.between(246, 262)
	c.panel(c.p.base, outline("M%d %dq0 -12 12 -12h%dq12 0 12 12V%dq0 18 -18 18H%dq-18 0 -18 -18Z", left-4, top+8, 2*half-16, flap-18, left+14))
	c.dashes(c.p.light, "M%d %dV%dq0 12 12 12h%dq12 0 12 -12V%d", left+4, top+14, flap-20, 2*half-32, top+14)
	for _, x := range []int{200 - half/2, 200 + half/2} {
		c.panel(c.p.dark, box(x-9, top+20, 18, 130, 5))
		c.stroke(brass, 4, "M%d %dh26v18h-26Z", x-13, flap-8)
		c.stroke(brassLight, 3, "M%d %dh14", x-4, flap+1)
		c.dashes(c.p.light, "M%d %dv%d", x, top+28, flap-top-46)
	}
}

func duffel(c *canvas) {
	half, top := c.between(132, 146), c.between(190, 204)
	left := 200 - half
	c.standing(200, 324, half)
	c.round(outline("M%d %dq0 -26 30 -26h%dq30 0 30 26v84q0 34 -34 34H%dq-34 0 -34 -34Z", left, top+28, 2*half-60, left+34))
	end := c.between(34, 46)
	c.panel(leather, outline("M%d %dq0 -26 30 -26h%dv144h-%dq-34 0 -34 -34Z", left, top+28, end-30, end-34))
	c.panel(leather, outline("M%d %dq0 -26 -30 -26h-%dv144h%dq34 0 34 -34Z", left+2*half, top+28, end-30, end-34))
	c.dashes("#e8c9a5", "M%d %dv138M%d %dv138", left+end-5, top+5, left+2*half-end+5, top+5)
	c.rect(c.p.dark, left+end, top+4, 2*half-2*end, 13, 3)
	c.stroke(brass, 3, "M%d %dh%d", left+end+4, top+10, 2*half-2*end-8)
	for _, color := range []string{leatherDark, leather} {
		shift := 0
		if color == leather {
			shift = 4
		}
		c.stroke(color, 9, "M152 %dC148 %d 252 %d 248 %d", top+70+shift, top-90+3*shift, top-90+3*shift, top+70+shift)
	}
	for _, x := range []int{152, 248} {
		c.panel(leather, box(x-9, top+58, 18, 84, 4))
		c.circle(brass, x, top+70, 5)
	}
}
