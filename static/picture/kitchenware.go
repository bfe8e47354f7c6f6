package picture

var kitchenware = map[string]kind{
	"mug":    {mug, onShelf, focus{270, 220}, true},
	"bowl":   {bowl, onShelf, focus{265, 235}, true},
	"teapot": {teapot, onShelf, focus{120, 225}, true},
	"dish":   {dish, onShelf, focus{275, 250}, true},
	"pan":    {pan, fallingRow, focus{227, 227}, false},
	"knife":  {knife, risingRow, focus{225, 178}, false},
	"board":  {board, sideBySide, focus{200, 120}, false},
	"jar":    {jar, onShelf, focus{235, 160}, false},
	"carafe": {carafe, onShelf, focus{200, 130}, true},
	"mill":   {mill, onShelf, focus{200, 140}, true},
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

func bowl(c *canvas) {
	half, top := c.between(112, 132), c.between(186, 208)
	foot := c.between(42, 56)
	c.standing(200, 326, foot+40)
	c.solid(c.p.dark, lathe(200, false, ring{foot - 4, 304}, ring{foot, 322}))
	c.round(lathe(200, true, ring{half, top}, ring{half - 10, top + 44}, ring{half * 7 / 10, top + 88}, ring{foot, 308}))
	c.opening(c.p.light, c.p.dark, 200, top, half)
	c.ellipse(shadow, 214, top+4, half-24, tilt(half)-8)
}

func teapot(c *canvas) {
	half, middle := c.between(92, 106), c.between(232, 242)
	c.standing(200, 328, half)
	c.stroke(c.p.dark, 19, "M%d %dc64 -30 88 46 -6 84", 200+half-18, middle-34)
	c.stroke(c.p.base, 12, "M%d %dc64 -30 88 46 -6 84", 200+half-18, middle-35)
	lip := middle - c.between(52, 70)
	spout := outline("M%d %dC%d %d %d %d %d %dl-20 -2C%d %d %d %d %d %dZ",
		216-half, middle-22, 178-half, middle-24, 172-half, lip+34, 154-half, lip,
		142-half, middle-6, 152-half, middle+40, 222-half, middle+44)
	c.bare(spout)
	c.ellipse(c.p.dark, 144-half, lip-1, 10, 3)
	c.round(lathe(200, true, ring{44, middle - 74}, ring{half * 8 / 10, middle - 52}, ring{half, middle}, ring{half * 8 / 10, middle + 58}, ring{54, 318}))
	c.ellipse(c.p.dark, 200, middle-72, 50, 9)
	c.solid(c.p.base, lathe(200, true, ring{12, middle - 96}, ring{40, middle - 88}, ring{48, middle - 75}))
	c.knob(middle-106, c.between(11, 15))
}

// knob draws the grip of a lid in the middle of the picture.
func (c *canvas) knob(y, r int) {
	c.circle(c.p.dark, 200, y, r)
	c.circle(c.p.base, 199, y-1, r-2)
	c.ellipse(gleam, 196, y-5, 4, 3)
}

func dish(c *canvas) {
	half, top := c.between(118, 130), c.between(228, 240)
	c.standing(200, 314, half)
	for _, side := range []int{-1, 1} {
		c.stroke(c.p.dark, 17, "M%d %dq%d -4 %d 14t%d 12", 200+side*(half-6), top+12, side*30, side*30, -side*26)
		c.stroke(c.p.base, 11, "M%d %dq%d -4 %d 14t%d 12", 200+side*(half-6), top+11, side*30, side*30, -side*26)
	}
	body := lathe(200, true, ring{half, top}, ring{half - 4, top + 34}, ring{half - 22, 304})
	c.round(body)
	if c.pattern == plain {
		flutes := ""
		for x := -half + 14; x < half-8; x += c.fluting() {
			flutes += outline("M%d %dL%d %d", 200+x, top+22-x*x/1200, 200+x*85/100, 308-x*x/1000)
		}
		c.stroke(faintShadow, 4, "%s", flutes)
	}
	c.opening(c.p.light, c.p.dark, 200, top, half)
	c.ellipse("#e9b95c", 200, top+4, half-12, tilt(half)-6)
	c.ellipse("#c9812e", 180, top+4, half/2, tilt(half)/3)
	c.ellipse("#a9621f", 232, top+7, half/5, tilt(half)/6)
}

// fluting is the distance of two flutes.
func (c *canvas) fluting() int { return 15 + int(c.seed%5) }

func pan(c *canvas) {
	r, length := c.between(98, 112), c.between(112, 128)
	c.transformed(func() {
		handle := box(200+r-6, 186, length, 28, 13)
		body := disc(r)
		c.lying(handle)
		c.lying(body)
		c.panel(steelDark, box(200+r-14, 192, 50, 16, 6))
		c.panel(wood, box(200+r+24, 186, length-24, 28, 13))
		c.circle(woodDark, 200+r+length-14, 200, 5)
		c.panel(c.p.base, body)
		c.circle(c.p.dark, 200, 200, r-9)
		c.path(c.p.base, "%s", disc(r-13))
		c.stroke(faintGleam, 6, "M%d 200A%d %d 0 0 1 200 %d", 200-r+28, r-28, r-28, 228-r)
		c.circle(steelLight, 200+r-20, 190, 5)
		c.circle(steelLight, 200+r-20, 210, 5)
	}, "translate(-40 -40) rotate(45 200 200)")
}

func knife(c *canvas) {
	tip, height := c.between(30, 44), c.between(40, 52)
	c.transformed(func() {
		blade := outline("M236 178H%dq-8 0 -6 6Q%d %d 170 %dH236Z", tip+20, tip+50, 178+height, 180+height)
		grip := outline("M232 178h110q26 -2 34 10t-6 22q-16 4 -32 -2t-40 -2H232Z")
		c.lying(blade)
		c.lying(grip)
		c.path(steel, "%s", blade)
		c.path(steelLight, "M%d 190Q%d %d 170 %dH236V%dH176Q%d %d %d 190Z", tip+20, tip+50, 178+height, 180+height, 170+height, tip+80, 172+height, tip+40)
		c.panel(c.p.base, grip)
		c.rect(steelDark, 226, 176, 14, 32, 3)
		for i := range c.between(2, 3) {
			c.circle(brass, 264+i*38, 192, 5)
			c.circle(brassLight, 263+i*38, 191, 2)
		}
	}, "rotate(-32 200 200) translate(0 4)")
}

func board(c *canvas) {
	half, top := c.between(82, 98), c.between(138, 150)
	neck := c.between(20, 26)
	slab := outline("M%d %dq0 -18 18 -18h%dq14 0 14 -16v-42q0 -%d %d -%dt%d %dv42q0 16 14 16h%dq18 0 18 18v190q0 16 -16 16h-%dq-16 0 -16 -16Z",
		200-half, top, half-32-neck, neck, neck, neck, neck, neck, half-32-neck, 2*half-32)
	c.lying(slab)
	c.panel(c.p.base, slab)
	for i := range 6 {
		x := 200 - half + 16 + i*(2*half-32)/5
		c.stroke(c.p.dark+"55", 2, "M%d %dq%d 60 %d 104t%d 80", x, top+12, c.between(-12, 12), c.between(-6, 6), c.between(-6, 6))
	}
	c.stroke(c.p.dark+"99", 4, "M%d %dh%dv168h-%dZ", 214-half, top+8, 2*half-28, 2*half-28)
	c.circle(c.p.dark, 200, top-60, 10)
	c.circle(c.p.background, 200, top-59, 8)
}

func jar(c *canvas) {
	half, top := c.between(64, 78), c.between(150, 168)
	c.standing(200, 328, half+8)
	body := lathe(200, true, ring{half - 8, top}, ring{half, top + 24}, ring{half, top + 90}, ring{half - 6, 318})
	c.path(c.p.light+"b0", "%s", body)
	level := top + c.between(34, 52)
	filling := []string{"#a8563f", "#c98a3d", "#7d8b4a", "#8e3f56", "#d8b56a"}[c.pick(5)]
	c.solid(filling, lathe(200, true, ring{half - 7, level}, ring{half - 7, top + 90}, ring{half - 12, 310}))
	c.ellipse(white+"40", 200, level, half-7, tilt(half)-2)
	c.path("url(#round)", "%s", body)
	c.path(gleam, "M%d %dq-5 60 4 120q8 2 8 -4q-8 -60 -4 -114Z", 212-half, top+30)
	c.ellipse("#d98b5f", 200, top-2, half-3, tilt(half))
	c.solid(c.p.base, lathe(200, true, ring{half - 26, top - 28}, ring{half - 8, top - 18}, ring{half - 5, top - 6}))
	c.stroke(steelDark, 4, "M%d %dq%d -38 %d 0", 200-half+10, top-10, half-10, 2*half-20)
	c.stroke(steelDark, 4, "M%d %dv26l-10 14l-6 -16l16 -14", 200+half-8, top-10)
}

func carafe(c *canvas) {
	half, neck := c.between(58, 70), c.between(20, 26)
	top := c.between(96, 112)
	c.standing(200, 328, half+6)
	body := lathe(200, true, ring{neck + 6, top}, ring{neck, top + 50}, ring{half, top + 136}, ring{half, 290}, ring{half - 12, 320})
	c.path(c.p.light+"c0", "%s", body)
	c.solid(c.p.base+"a0", lathe(200, true, ring{half - 12, top + 124}, ring{half - 5, top + 146}, ring{half - 5, 288}, ring{half - 16, 314}))
	c.ellipse(white+"50", 200, top+124, half-12, tilt(half)-3)
	if c.pattern != plain {
		c.path("url(#p)", "%s", body)
	}
	c.path("url(#round)", "%s", body)
	c.stroke(gleam, 6, "M%d %dQ%d %d %d 300", 218-half, top+156, 208-half, (top+450)/2, 219-half)
	c.stroke(gleam, 4, "M%d %dv44", 190, top+16)
	c.ellipse(c.p.dark+"90", 200, top, neck+6, 6)
	c.solid(wood, lathe(200, true, ring{neck + 2, top - 26}, ring{neck + 3, top - 14}, ring{neck - 2, top + 4}))
	c.ellipse(woodLight, 200, top-26, neck+2, 5)
}

func mill(c *canvas) {
	half, waist := c.between(44, 54), c.between(24, 30)
	top := c.between(92, 116)
	c.standing(200, 328, half+10)
	c.circle(steelDark, 200, top-10, 12)
	c.circle(steelLight, 197, top-13, 7)
	c.round(lathe(200, true, ring{waist, top}, ring{half - 6, top + 24}, ring{half - 8, top + 44}, ring{waist - 2, top + 60}))
	c.rect(c.p.dark, 200-waist, top+60, 2*waist, 5, 2)
	c.round(lathe(200, true, ring{waist + 2, top + 66}, ring{half - 4, top + 88}, ring{waist + 2, top + 130}, ring{half - 6, 268}, ring{half, 318}))
	c.stroke(c.p.dark, 3, "M%d 296A%d 8 0 0 0 %d 296", 201-half, half, 199+half)
}
