package picture

// board draws a wooden table or shelf whose back edge is at y.
func (c *canvas) board(y int) {
	c.rect(woodLight, 0, y, 400, 400-y, 0)
	c.rect(wood, 0, 376, 400, 24, 0)
	c.stroke(wood+"80", 2, "M-10 %dH160M120 %dH420M-10 %dH300M200 %dH420", y+28, y+58, y+92, y+116)
	c.rect("url(#flat)", 0, y, 400, 400-y, 0)
}

// floor draws the floor of a room, with its skirting.
func (c *canvas) floor() {
	c.rect(white+"a0", 0, 286, 400, 12, 0)
	c.rect(woodLight, 0, 298, 400, 102, 0)
	c.stroke(wood+"80", 2, "M0 330H400M0 366H400M70 298v32M250 298v32M150 330v36M330 330v36M50 366v34M230 366v34")
	c.rect("url(#flat)", 0, 298, 400, 102, 0)
}

// window draws a window with a hill behind it.
func (c *canvas) window(x, y int) {
	c.rect(faintShadow, x+5, y+6, 118, 158, 4)
	c.rect(white, x, y, 118, 158, 4)
	c.rect("#d7e8f0", x+8, y+8, 102, 142, 0)
	c.path("#b9cfae", "M%d %dq40 -40 102 -18v58h-102Z", x+8, y+110)
	c.path("#9dba90", "M%d %dq60 -34 102 0v24h-102Z", x+8, y+126)
	c.rect(white, x+55, y+8, 8, 142, 0)
	c.rect(white, x+8, y+70, 102, 7, 0)
	c.rect(white, x-8, y+156, 134, 10, 3)
	c.rect(faintShadow, x-4, y+166, 126, 4, 2)
}

// plant draws a potted plant that stands at x, y; size is half its height.
func (c *canvas) plant(x, y, size int) {
	c.standing(x, y, size/3)
	for i, lean := range []int{-10, 9, -7, 6, -3, 2} {
		color := []string{leafDark, leaf, leafLight}[i%3]
		tip := size * (26 + 3*i) / 20
		reach := size * lean / 12
		c.path(color, "M%d %dq%d -%d %d -%dq%d %d %d %dZ", x, y-size*3/5, reach/4-size/6, tip*2/3, reach, tip, size/4-reach/6, tip/2, -reach, tip)
	}
	c.solid(c.p.accent, lathe(x, false, ring{size * 2 / 5, y - size*7/10}, ring{size * 3 / 10, y - 2}))
	c.ellipse(soil, x, y-size*7/10, size*2/5-3, max(tilt(size*2/5)-2, 1))
}

// books draws three books that lie on each other, the lowest one at y.
func (c *canvas) books(x, y int) {
	c.standing(x, y, 44)
	c.rect(c.p.dark, x-44, y-16, 88, 16, 3)
	c.rect(c.p.accent, x-38, y-29, 74, 13, 3)
	c.rect(c.p.light, x-40, y-44, 66, 15, 3)
	c.rect(paper, x-30, y-26, 60, 7, 0)
	c.rect(white+"80", x-34, y-40, 6, 7, 0)
}

// lawn draws grass below a hedge and the sky.
func (c *canvas) lawn() {
	c.rect("#e3eff4", 0, 0, 400, 400, 0)
	c.circle(white+"90", 318, 66, 34)
	c.path("#a9c39b", "M0 176q30 -34 66 -20q30 -38 72 -14q40 -30 78 2q44 -34 84 -2q36 -26 100 8v120H0Z")
	c.path("#8fb083", "M0 212q40 -30 84 -8q44 -30 92 0q50 -32 96 0q56 -30 128 2v90H0Z")
	c.rect("#bdd39c", 0, 262, 400, 138, 0)
	c.path("#aac788", "M0 322q120 -26 400 8v70H0Z")
}

// tufts draws some grass in front.
func (c *canvas) tufts() {
	c.stroke("#7fa266", 3, "M30 380q-4 -16 -10 -22M34 380q0 -18 2 -28M38 380q4 -14 12 -20M342 388q-4 -16 -10 -22M346 388q0 -18 2 -28M350 388q4 -14 12 -20M206 394q-3 -12 -8 -16M210 394q1 -14 4 -20")
}
