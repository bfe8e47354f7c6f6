package picture

var stationery = map[string]kind{
	"notebook":   {notebook, sideBySide, focus{262, 130}, true},
	"pen":        {pen, risingRow, focus{112, 250}, true},
	"pencils":    {pencils, onShelf, focus{200, 150}, true},
	"pencilcase": {pencilcase, overlapping, focus{300, 200}, true},
	"planner":    {planner, sideBySide, focus{130, 150}, true},
	"inkwell":    {inkwell, onShelf, focus{200, 240}, false},
}

func notebook(c *canvas) {
	half, top := c.between(86, 100), c.between(74, 88)
	left, height := 200-half, 400-2*top
	c.lying(box(left, top, 2*half+6, height, 10))
	c.rect(paperDark, left+8, top+5, 2*half-2, height-4, 6)
	c.rect(paper, left+8, top+3, 2*half-4, height-5, 6)
	c.stroke(c.p.accent, 8, "M%d %dv26l-6 -6l-6 6", left+half, 400-top-4)
	c.flat(box(left, top, 2*half, height, 10))
	c.rect(faintShadow, left, top, c.between(14, 26), height, 6)
	if c.pick(2) == 0 {
		c.panel(paper, box(200-half/2, top+42, half, c.between(34, 52), 4))
		c.stroke(c.p.dark, 3, "M%d %dh%dM%d %dh%d", 214-half/2, top+58, half-28, 214-half/2, top+68, half/2)
	}
	c.rect(c.p.dark, left+2*half-c.between(26, 38), top, 9, height, 0)
}

func pen(c *canvas) {
	length, thick := c.between(150, 172), c.between(17, 21)
	c.transformed(func() {
		barrel := outline("M120 %dh%dq14 0 14 %dt-14 %dh-%dZ", 200-thick/2, length, thick/2, thick/2+thick%2, length)
		hood := box(96, 201-thick/2, 30, thick-2, 3)
		c.lying(barrel)
		c.panel(steelDark, hood)
		c.path(brassLight, "M98 %dL52 198q-4 2 0 4L98 %dZ", 204-thick/2, 197+thick/2)
		c.stroke(brassDark, 1, "M54 200H82")
		c.circle(brassDark, 83, 200, 2)
		c.flat(barrel)
		c.rect(gleam, 128, 203-thick/2, length-12, 3, 1)
		c.rect(brass, 120, 200-thick/2, 6, thick, 0)
		c.rect(brass, 120+length-c.between(10, 40), 200-thick/2, 4, thick, 0)
		c.cap(thick + 5)
	}, "rotate(-38 200 200) translate(-44 -74) scale(1.25)")
}

// cap draws the cap of a pen below its barrel.
func (c *canvas) cap(thick int) {
	body := outline("M150 252h96q12 0 12 %dt-12 %dh-96q-3 -%d 0 -%dZ", thick/2, thick/2, thick/2, thick/2*2)
	c.lying(body)
	c.flat(body)
	c.rect(brass, 150, 252, 7, thick/2*2, 0)
	c.rect(gleam, 164, 255, 80, 3, 1)
	c.panel(brass, box(176, 252+thick/2-3, 78, 6, 3))
}

func pencils(c *canvas) {
	half, top := c.between(56, 68), c.between(196, 212)
	c.standing(200, 328, half+8)
	colors := []string{"#d8a13a", "#b5483a", "#3f6f8c", "#5c8a57", "#7a4f7d", "#e0c7a0"}
	for i, color := range colors {
		x := 200 - half + 14 + i*(2*half-28)/5
		tip := c.between(84, 132)
		c.transformed(func() { c.pencil(color, x, tip, top+30) }, "rotate(%d %d %d)", (i*2-5)*c.between(2, 4), x, top+60)
	}
	c.round(lathe(200, true, ring{half, top}, ring{half - 2, 264}, ring{half - c.pick(12), 318}))
	c.path(c.p.dark, "M%d %dA%d %d 0 0 0 %d %dA%d %d 0 0 1 %d %dZ", 200-half, top, half, tilt(half)+3, 200+half, top, half, tilt(half)-1, 200-half, top)
}

// pencil draws an upright pencil from its tip down to y.
func (c *canvas) pencil(color string, x, tip, y int) {
	c.path(woodLight, "M%d %dL%d %dL%d %dZ", x-7, tip+24, x, tip, x+7, tip+24)
	c.path(black, "M%d %dL%d %dL%d %dZ", x-2, tip+7, x, tip, x+2, tip+7)
	c.rect(color, x-7, tip+23, 14, y-tip-23, 0)
	c.rect(faintGleam, x-7, tip+23, 5, y-tip-23, 0)
	c.rect(faintShadow, x+3, tip+23, 4, y-tip-23, 0)
}

func pencilcase(c *canvas) {
	half, height := c.between(132, 146), c.between(74, 92)
	top := 204 - height/2
	body := box(200-half, top, 2*half, height, height*2/5)
	c.lying(body)
	c.flat(body)
	c.stroke(c.p.dark, 9, "M%d %dH%d", 222-half, top+20, 178+half)
	c.stroke(brass, 3, "M%d %dH%d", 222-half, top+20, 178+half)
	x := 178 + half - c.between(0, 50)
	c.panel(brass, box(x-6, top+14, 14, 12, 3))
	c.panel(leather, box(x+6, top+15, 36, 10, 5))
	c.panel(leather, box(197-half, top+height/2-10, 16, 24, 4))
	c.dashes(c.p.light, "M%d %dH%d", 226-half, top+height-12, 174+half)
}

func planner(c *canvas) {
	half, top := c.between(92, 104), c.between(84, 98)
	left, height := 200-half, 400-2*top
	c.lying(box(left, top, 2*half+10, height, 8))
	for i, color := range []string{"#d9a441", "#5f8f9d", "#b7614c", "#7f9a5b"} {
		c.rect(color, left+2*half-6, top+18+i*(height-60)/4, 22, (height-60)/4-8, 4)
	}
	c.rect(paper, left+6, top+5, 2*half-2, height-10, 3)
	c.flat(box(left, top, 2*half, height, 8))
	c.panel(paper, box(200-half/3, top+c.between(40, 60), half, 56, 4))
	c.stroke(c.p.dark, 3, "M%d %dh%dM%d %dh%d", 212-half/3, top+80, half-24, 212-half/3, top+92, half/2)
	rings := c.between(6, 9)
	for i := range rings {
		y := top + 20 + i*(height-40)/(rings-1)
		c.circle(c.p.dark, left+16, y, 5)
		c.stroke(steelDark, 5, "M%d %dq-14 -10 -24 0t8 8", left+16, y)
		c.stroke(steelLight, 2, "M%d %dq-14 -10 -23 0", left+15, y-1)
	}
}

func inkwell(c *canvas) {
	half, top := c.between(72, 84), c.between(214, 226)
	c.standing(200, 328, half+6)
	body := outline("M168 %dh64q2 22 %d 30q10 4 10 16v%dq0 14 -14 14H%dq-14 0 -14 -14v-%dq0 -12 10 -16q%d -8 %d -30Z",
		top, half-42, 266-top, 214-half, 266-top, half-42, half-42)
	c.path(c.p.light+"90", "%s", body)
	c.path(c.p.dark, "M%d %dq%d -8 %d 0V302q0 10 -10 10H%dq-10 0 -10 -10Z", 208-half, top+46, half-8, 2*half-16, 218-half)
	c.path(c.p.base, "M%d %dq%d -8 %d 0q-%d 10 -%d 0Z", 208-half, top+46, half-8, 2*half-16, half-8, 2*half-16)
	c.path("url(#round)", "%s", body)
	c.stroke(gleam, 5, "M%d %dv44", 214-half, top+58)
	c.panel(paper, box(158, top+54, 84, 48, 4))
	c.stroke(c.p.base, 4, "M174 %dh52M184 %dh32", top+70, top+84)
	lid := c.between(38, 50)
	c.solid(black, lathe(200, false, ring{40, top - lid}, ring{42, top + 2}))
	c.ellipse(blackLight, 200, top-lid, 40, 6)
	for x := 166; x < 240; x += 9 {
		c.stroke(faintGleam, 2, "M%d %dv%d", x, top-lid+12, lid-10)
	}
}
