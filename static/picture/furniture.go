package picture

var furniture = map[string]kind{
	"chair":     {chair, inRoom, focus{200, 140}, true},
	"stool":     {stool, inRoom, focus{200, 205}, true},
	"shelf":     {shelf, inRoom, focus{190, 190}, false},
	"table":     {table, inRoom, focus{100, 230}, false},
	"armchair":  {armchair, inRoom, focus{110, 230}, true},
	"sideboard": {sideboard, inRoom, focus{200, 240}, false},
	"clock":     {clock, onWall, focus{200, 190}, false},
	"mirror":    {mirror, onWall, focus{200, 110}, false},
	"vase":      {vase, onShelf, focus{200, 165}, true},
}

func chair(c *canvas) {
	half, top := c.between(58, 68), c.between(66, 80)
	seat := c.between(206, 214)
	c.standing(200, 334, half+16)
	c.stroke(c.p.dark, 9, "M%d %dL%d 318M%d %dL%d 318", 210-half, seat, 212-half, 190+half, seat, 188+half)
	c.chairBack(half, top, seat)
	c.stroke(c.p.base, 11, "M%d %dL%d 330M%d %dL%d 330", 196-half, seat+8, 186-half, 204+half, seat+8, 214+half)
	c.stroke(c.p.dark, 5, "M%d 284H%d", 194-half, 206+half)
	c.path(c.p.dark, "M%d %dq-4 12 6 14H%dq10 -2 6 -14Z", 190-half, seat+6, 204+half)
	c.flat(outline("M%d %dH%dq6 0 8 6l6 12q2 6 -6 6H%dq-8 0 -6 -6l6 -12q2 -6 8 -6Z", 206-half, seat-12, 194+half, 190-half))
}

// chairBack draws one of three backs: bent, with a panel, or with bars.
func (c *canvas) chairBack(half, top, seat int) {
	left, right := 204-half, 196+half
	switch c.pick(3) {
	case 0:
		c.stroke(c.p.base, 10, "M%d %dC%d %d %d %d %d %d", left, seat, left-14, top-34, right+14, top-34, right, seat)
		c.stroke(c.p.dark, 6, "M%d %dC%d %d %d %d %d %d", left+28, seat, left+14, top+16, right-14, top+16, right-28, seat)
	case 1:
		c.stroke(c.p.base, 10, "M%d %dL%d %dM%d %dL%d %d", left, seat, left-4, top+8, right, seat, right+4, top+8)
		c.flat(outline("M%d %dQ200 %d %d %dv66Q200 %d %d %dZ", left-8, top, top-16, right+8, top, top+54, left-8, top+66))
	default:
		c.stroke(c.p.base, 10, "M%d %dL%d %dM%d %dL%d %d", left, seat, left-4, top+8, right, seat, right+4, top+8)
		c.stroke(c.p.dark, 6, "M%d %dV%dM200 %dV%dM%d %dV%d", left+28, seat, top+8, seat, top+6, right-28, seat, top+8)
		c.flat(outline("M%d %dQ200 %d %d %dv26Q200 %d %d %dZ", left-10, top, top-16, right+10, top, top+12, left-10, top+26))
	}
}

func stool(c *canvas) {
	half, top := c.between(70, 84), c.between(176, 196)
	splay := c.between(14, 26)
	c.standing(200, 330, half)
	c.stroke(c.p.dark, 11, "M200 %dV312", top+16)
	c.stroke(c.p.base, 13, "M%d %dL%d 326M%d %dL%d 326", 222-half, top+16, 222-half-splay, 178+half, top+16, 178+half+splay)
	c.stroke(c.p.dark, 6, "M%d 276H%d", 216-half-splay/2, 184+half+splay/2)
	c.round(lathe(200, false, ring{half, top}, ring{half - 2, top + 16}))
	c.ellipse(c.p.light, 200, top, half, tilt(half))
	if c.pattern != plain {
		c.ellipse("url(#p)", 200, top, half, tilt(half))
	}
	for _, x := range []int{200 - half/2, 200, 200 + half/2} {
		c.ellipse(c.p.dark, x, top+(x%7-3), 5, 2)
	}
}

func shelf(c *canvas) {
	half, top := c.between(94, 108), c.between(58, 72)
	left, right := 200-half, 200+half
	c.standing(200, 334, half)
	c.rect(c.p.dark+"40", left+6, top+6, 2*half-12, 322-top, 0)
	c.panel(c.p.base, box(left, top-8, 11, 340-top, 3))
	c.panel(c.p.base, box(right-11, top-8, 11, 340-top, 3))
	step := (312 - top) / 3
	for i := range 4 {
		y := top + i*step
		c.rect(shadow, left+8, y+9, 2*half-16, 7, 0)
		c.panel(c.p.base, box(left-2, y, 2*half+4, 10, 2))
		if i > 0 {
			c.stock(left+20, right-20, y)
		}
	}
}

// stock fills a board at y with books, boxes and a pot.
func (c *canvas) stock(left, right, y int) {
	colors := []string{"#b8562f", "#2f7f86", "#d3a032", "#6d4260", "#6f7f4f", "#2c3e5c", "#d69a9a"}
	x := left
	for range c.between(3, 6) {
		width, height := c.between(9, 15), c.between(38, 54)
		c.rect(colors[c.pick(len(colors))], x, y-height, width, height, 2)
		c.rect(white+"80", x+2, y-height+8, width-4, 4, 0)
		x += width + 1
	}
	switch c.pick(3) {
	case 0:
		c.plant(right-26, y, 30)
	case 1:
		c.panel(wood, box(right-58, y-34, 56, 34, 4))
		c.rect(woodDark, right-38, y-24, 16, 5, 2)
	default:
		c.solid(colors[c.pick(len(colors))], lathe(right-26, true, ring{7, y - 46}, ring{9, y - 36}, ring{22, y - 18}, ring{13, y - 2}))
	}
}

func table(c *canvas) {
	half, top := c.between(138, 150), c.between(196, 206)
	left, right := 200-half, 200+half
	c.standing(200, 332, half)
	c.path(c.p.dark, "M%d %dh12l-4 96h-6ZM%d %dh-12l4 96h6Z", left+40, top+24, right-40, top+24)
	c.panel(c.p.base, outline("M%d %dh18l-6 118h-9ZM%d %dh-18l6 118h9Z", left+12, top+24, right-12, top+24))
	c.panel(c.p.dark, box(left+18, top+22, 2*half-36, 18, 2))
	c.panel(c.p.base, outline("M%d %dH%dL%d %dH%dZ", left+26, top-18, right-26, right, top+10, left))
	c.panel(c.p.base, box(left, top+8, 2*half, 15, 3))
	c.stroke(c.p.dark+"60", 2, "M%d %dH%dM%d %dH%d", left+40, top-8, right-80, left+70, top+2, right-30)
	c.fruitBowl(200+c.between(-50, 50), top-2)
}

// fruitBowl draws a bowl with fruit that stands at x, y.
func (c *canvas) fruitBowl(x, y int) {
	c.ellipse(shadow, x, y, 34, 5)
	for i, color := range []string{"#d3a032", "#b8402f", "#8ea04a"} {
		c.circle(color, x-16+i*16, y-30+i%2*-5, 12)
	}
	c.solid(c.p.accent, lathe(x, true, ring{38, y - 28}, ring{30, y - 14}, ring{14, y - 2}))
}

func armchair(c *canvas) {
	half, top := c.between(100, 112), c.between(112, 138)
	left, right := 200-half, 200+half
	c.standing(200, 330, half)
	c.path(woodDark, "M%d 296h14l-6 32h-7ZM%d 296h-14l6 32h7Z", left+24, right-24)
	back := c.between(26, 48)
	c.flat(outline("M%d 270V%dq0 -%d %d -%dH%dq%d 0 %d %dV270Z", left+22, top+back, back, back, back, right-22-back, back, back, back))
	c.path(faintShadow, "M%d 270V%dh%dV270Z", left+40, 206, 2*half-80)
	c.flat(box(left+30, 216, 2*half-60, 42, 16))
	c.stroke(shadow, 3, "M%d 257H%d", left+44, right-44)
	c.flat(box(left+24, 256, 2*half-48, 44, 10))
	arm := c.between(186, 200)
	for _, x := range []int{left, right - 44} {
		c.round(box(x, arm, 44, 112, 21))
		c.stroke(faintGleam, 4, "M%d %dq14 -12 26 0", x+9, arm+13)
	}
	if c.pattern == plain && c.pick(2) == 0 {
		for i := range 3 {
			c.circle(c.p.dark, 200+(i-1)*half/3, top+38, 4)
		}
	}
}

func sideboard(c *canvas) {
	half, top := c.between(144, 152), c.between(196, 208)
	left := 200 - half
	c.standing(200, 330, half)
	c.path(wood, "M%d 296h16l-8 32h-8ZM%d 296h-16l8 32h8Z", left+20, 380-left)
	c.panel(c.p.dark, box(left, top, 2*half, 302-top, 6))
	doors := c.between(2, 3)
	width := (2*half - 16) / (doors + 1)
	for i := range doors {
		x := left + 8 + i*width
		c.panel(c.p.base, box(x, top+10, width-4, 282-top, 3))
		c.circle(brass, x+width-16, top+52, 5)
		c.circle(brassLight, x+width-17, top+51, 2)
	}
	x := left + 8 + doors*width
	for i := range 3 {
		y := top + 10 + i*(284-top)/3
		c.panel(c.p.base, box(x, y, width, (284-top)/3-4, 3))
		c.stroke(brass, 4, "M%d %dh20", x+width/2-10, y+(284-top)/6)
	}
	c.panel(wood, box(left-4, top-8, 2*half+8, 11, 3))
	c.plant(left+c.between(36, 60), top-8, 44)
	c.books(356-left-c.pick(16), top-8)
}

func clock(c *canvas) {
	r := c.between(112, 124)
	c.lying(disc(r))
	c.panel(c.p.base, disc(r))
	c.circle(c.p.dark, 200, 200, r-14)
	c.circle(paper, 200, 202, r-16)
	marks := c.between(0, 1)
	for i := range 12 {
		length := 10
		if i%3 == 0 {
			length += 8 + marks*6
		}
		c.transformed(func() { c.rect(c.p.dark, 197, 226-r, 6, length, 2) }, "rotate(%d 200 200)", i*30)
	}
	hour, minute := c.pick(12), c.pick(12)
	c.transformed(func() { c.rect(c.p.dark, 195, 200-r/2, 10, r/2+16, 4) }, "rotate(%d 200 200)", hour*30+minute*5/2)
	c.transformed(func() { c.rect(c.p.dark, 197, 230-r, 6, r-8, 3) }, "rotate(%d 200 200)", minute*30)
	c.transformed(func() { c.rect("#c2452d", 199, 226-r, 2, r, 1) }, "rotate(%d 200 200)", c.pick(60)*6)
	c.circle("#c2452d", 200, 200, 7)
	c.path("#ffffff3a", "M%d 190A%d %d 0 0 1 220 %dQ150 150 %d 190Z", 222-r, r-20, r-20, 222-r, 222-r)
}

func mirror(c *canvas) {
	half, top := c.between(70, 88), c.between(48, 60)
	frame := mirrorShape(half, top, 344)
	c.lying(frame)
	c.panel(c.p.base, frame)
	inner := mirrorShape(half-c.between(9, 15), top+12, 332)
	c.path("#dfeaee", "%s", inner)
	c.path("#ffffffa0", "M%d 250L%d 130v40L%d 290Z", 222-half, 170+half, 222-half)
	c.path("#ffffff80", "M%d 306L%d 186v14L%d 320Z", 222-half, 170+half, 222-half)
	c.stroke(shadow, 2, "%s", inner)
	c.stroke(c.p.light, 2, "%s", frame)
}

// mirrorShape returns a rectangle with a half circle on top.
func mirrorShape(half, top, bottom int) string {
	return outline("M%d %dV%da%d %d 0 0 1 %d 0V%dZ", 200-half, bottom, top+half, half, half, 2*half, bottom)
}

func vase(c *canvas) {
	belly, neck := c.between(58, 76), c.between(18, 28)
	top := c.between(166, 184)
	c.standing(200, 328, belly)
	c.twigs(top, c.between(4, 6))
	c.round(lathe(200, true, ring{neck + 10, top}, ring{neck, top + 26}, ring{belly, top + 88}, ring{belly - c.between(6, 20), 292}, ring{belly - 24, 320}))
	c.opening(c.p.light, c.p.dark, 200, top, neck+10)
	c.stroke(leafDark, 3, "M194 %dv8M202 %dv8M208 %dv7", top, top, top)
}

// twigs draws some twigs with leaves that grow up from y.
func (c *canvas) twigs(y, n int) {
	for i := range n {
		reach := (2*i - n + 1) * 62 / n
		tip := y - c.between(74, 100)
		c.stroke(leafDark, 3, "M%d %dQ%d %d %d %d", 200+reach/8, y+6, 200+reach/4, (y+tip)/2, 200+reach, tip)
		for j := range 4 {
			lx, ly := 200+reach*(j+2)/5, y+(tip-y)*(j+2)/5
			color := []string{leaf, leafLight}[(i+j)%2]
			c.path(color, "M%d %dq-20 -2 -24 -18q18 0 24 18ZM%d %dq20 -4 22 -20q-18 2 -22 20Z", lx, ly, lx, ly)
		}
	}
}
