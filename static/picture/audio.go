package picture

var audio = map[string]kind{
	"headphones": {headphones, onTable, focus{118, 250}, false},
	"speaker":    {speaker, onTable, focus{200, 245}, true},
	"radio":      {radio, onTable, focus{250, 235}, true},
	"turntable":  {turntable, onTable, focus{270, 200}, false},
	"microphone": {microphone, onTable, focus{200, 150}, false},
}

func headphones(c *canvas) {
	half, top := c.between(88, 100), c.between(84, 100)
	left, right := 200-half, 200+half
	c.standing(200, 330, half+10)
	c.stroke(c.p.dark, 20, "M%d 220C%d %d %d %d %d 220", left, left-4, top-38, right+4, top-38, right)
	c.stroke(c.p.base, 12, "M%d 220C%d %d %d %d %d 220", left, left-4, top-40, right+4, top-40, right)
	c.stroke(c.p.light, 12, "M%d %dQ200 %d %d %d", left+34, top+16, top-22, right-34, top+16)
	for _, x := range []int{left, right} {
		c.stroke(steel, 7, "M%d 178v52", x)
	}
	ear := c.between(54, 62)
	for _, side := range []int{-1, 1} {
		x := 200 + side*half
		c.solid(c.p.dark, box(x-side*18-15, 262-ear, 30, 2*ear, 15))
		c.round(box(x+side*10-17, 268-ear, 34, 2*ear-12, 16))
		c.stroke(c.p.light+"90", 3, "M%d %dv%d", x+side*14, 284-ear, 2*ear-44)
		c.circle(brass, x+side*12, 254, 5)
	}
	if c.pick(2) == 0 {
		c.stroke(black, 4, "M%d 318c0 26 40 14 66 14s40 10 62 2", left+8)
	}
}

func speaker(c *canvas) {
	half, top := c.between(80, 94), c.between(92, 108)
	left := 200 - half
	c.standing(200, 330, half+6)
	c.bare(box(left, top, 2*half, 326-top, 12))
	c.flat(box(left+10, top+10, 2*half-20, 306-top, 6))
	if c.pattern == plain {
		c.stroke(c.p.dark+"40", 2, "M%d %dv%dM%d %dv%dM%d %dv%d", left+30, top+12, 300-top, 200, top+12, 300-top, 370-left, top+12, 300-top)
	}
	woofer, tweeter := half-c.between(22, 30), c.between(20, 26)
	c.driver(252, woofer)
	c.driver(top+24+tweeter, tweeter)
	c.circle(glow, left+2*half-22, top+24, 3)
	c.rect(black, left+14, 326, 22, 6, 2)
	c.rect(black, 364-left, 326, 22, 6, 2)
}

// driver draws the cone of a loudspeaker.
func (c *canvas) driver(y, r int) {
	c.circle(steelDark, 200, y, r+5)
	c.circle(black, 200, y, r+2)
	c.circle(blackLight, 200, y, r-3)
	c.circle(black, 200, y, r-9)
	c.circle("#3c3d41", 200, y, r*2/3)
	c.circle(blackLight, 200, y, r*2/5)
	c.ellipse(gleam, 200-r/8, y-r/6, r/8, r/10)
}

func radio(c *canvas) {
	half, top := c.between(122, 136), c.between(176, 192)
	left := 200 - half
	c.standing(200, 328, half)
	c.stroke(steel, 4, "M%d %dL%d %d", 170+half, top, 180+half, top-c.between(90, 116))
	c.stroke(c.p.dark, 9, "M%d %dq0 -30 24 -30H%dq24 0 24 30", left+40, top+4, 336-left)
	c.bare(box(left, top, 2*half, 322-top, 26))
	c.flat(box(left+16, top+16, half, 290-top, 14))
	if c.pattern == plain {
		for x := left + 30; x < left+half+6; x += 13 {
			c.stroke(c.p.dark, 4, "M%d %dv%d", x, top+30, 262-top)
		}
	}
	x := left + half + 30
	c.panel(paper, box(x, top+18, half-48, 36, 6))
	for i := range 6 {
		c.stroke(c.p.dark, 2, "M%d %dv%d", x+10+i*(half-68)/5, top+26, 8+i%2*6)
	}
	c.stroke("#c2452d", 3, "M%d %dv28", x+c.between(16, half-66), top+22)
	c.dial(x+(half-48)/2, top+88, c.between(23, 27))
	c.circle(c.p.dark, x+8, 302, 8)
	c.circle(c.p.dark, x+half-58, 302, 8)
	c.rect(black, left+30, 320, 26, 8, 3)
	c.rect(black, 344-left, 320, 26, 8, 3)
}

// dial draws a knob with a mark.
func (c *canvas) dial(x, y, r int) {
	c.circle(shadow, x+2, y+3, r+1)
	c.circle(brass, x, y, r)
	c.circle(brassLight, x-1, y-1, r-6)
	c.stroke(brassDark, 3, "M%d %dL%d %d", x, y, x+r/2-c.pick(r), y-r+9)
}

func turntable(c *canvas) {
	half, top := c.between(136, 146), 138
	left := 200 - half
	c.standing(200, 332, half)
	c.rect(black, left+20, 314, 36, 14, 4)
	c.rect(black, 344-left, 314, 36, 14, 4)
	c.panel(c.p.base, outline("M%d %dH%dL%d 270H%dZ", left+26, top, 374-left, 400-left, left))
	c.solid(c.p.base, box(left, 268, 2*half, 48, 6))
	c.stroke(c.p.light, 2, "M%d 271H%d", left+4, 396-left)
	record := c.between(98, 106)
	cx := 200 - c.between(26, 32)
	c.ellipse(steelDark, cx, 212, record+6, 58)
	c.ellipse(steelLight, cx, 209, record+5, 56)
	c.ellipse(black, cx, 206, record, 53)
	for i := 1; i < 4; i++ {
		c.ring(cx, 206, record-i*14, 53-i*8)
	}
	label := []string{"#c2553a", "#d3a032", "#5f8f9d", "#7f9a5b", "#a0788f"}[c.pick(5)]
	c.ellipse(label, cx, 206, 34, 18)
	c.ellipse(paper, cx, 206, 5, 3)
	c.path("#ffffff22", "M%d 206L%d 164A%d 53 0 0 1 %d 156Z", cx, cx-record*2/3, record, cx-20)
	base := 400 - left - 44
	c.ellipse(steelDark, base, 172, 24, 14)
	c.ellipse(steelLight, base, 168, 22, 12)
	c.stroke(steelDark, 7, "M%d 150L%d 168L%d 232L%d 240", base+8, base, base-18, cx+record/2+8)
	c.stroke(steelLight, 4, "M%d 148L%d 166L%d 230L%d 238", base+8, base, base-18, cx+record/2+8)
	c.rect(black, cx+record/2-8, 233, 24, 11, 3)
	c.circle(brass, 368-left, 292, 8)
	c.circle(glow, left+24, 292, 4)
}

// ring draws one groove of a record.
func (c *canvas) ring(cx, cy, rx, ry int) {
	c.stroke("#ffffff1f", 1, "M%d %da%d %d 0 1 0 %d 0a%d %d 0 1 0 -%d 0", cx-rx, cy, rx, ry, 2*rx, rx, ry, 2*rx)
}

func microphone(c *canvas) {
	half, top := c.between(42, 50), c.between(72, 84)
	bottom := top + c.between(150, 164)
	c.standing(200, 330, 72)
	c.solid(steelDark, box(194, bottom, 12, 316-bottom, 3))
	c.solid(black, lathe(200, false, ring{62, 312}, ring{68, 324}))
	c.ellipse(blackLight, 200, 312, 62, 10)
	c.stroke(black, 8, "M%d %dv30q0 %d %d %dt%d -%dv-30", 186-half, bottom-60, half, half+14, half, half+14, half)
	mid := top + (bottom-top)*55/100
	c.solid(steel, outline("M%d %dV%dq0 -%d %d -%dt%d %dV%dZ", 200-half, mid, top+half, half, half, half, half, half, mid))
	mesh := ""
	for y := top + 14; y < mid; y += 11 {
		inset := max(0, top+half-y)
		wide := half - inset*inset*3/(4*half)
		mesh += outline("M%d %dh%d", 202-wide, y, 2*wide-4)
	}
	for x := 200 - half + 10; x < 200+half-4; x += 11 {
		drop := (x - 200) * (x - 200) / (2 * half)
		mesh += outline("M%d %dV%d", x, top+4+drop, mid)
	}
	c.stroke(steelDark+"a0", 2, "%s", mesh)
	c.round(outline("M%d %dH%dV%dq0 22 -22 22H%dq-22 0 -22 -22Z", 200-half, mid, 200+half, bottom-22, 222-half))
	c.rect(brass, 196-half, mid-5, 2*half+8, 11, 4)
	c.circle(c.p.light, 200, mid+34, 8)
	c.circle(c.p.dark, 200, mid+34, c.between(3, 6))
}
