package picture

// onShelf stands three of a thing on a wooden board.
func onShelf(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.board(236)
	c.transformed(thing, "translate(160 92) scale(.54)")
	c.transformed(thing, "translate(22 96) scale(.52)")
	c.transformed(thing, "translate(76 134) scale(.62)")
}

// onTable stands a thing between a plant and some books.
func onTable(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.board(262)
	c.plant(64, 290, 58)
	c.books(330, 296)
	c.transformed(thing, "translate(32 44) scale(.82)")
}

// overTable hangs a thing above a laid table.
func overTable(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.transformed(thing, "translate(60 0) scale(.7)")
	c.standing(200, 392, 120)
	c.panel(wood, "M70 300h260l36 32H34Z")
	c.panel(woodDark, box(34, 332, 332, 14, 4))
	c.panel(woodDark, "M58 346h18l-4 54h-12ZM324 346h18l-2 54h-12Z")
	c.plant(148, 318, 30)
	c.ellipse(white+"c0", 236, 318, 34, 8)
	c.ellipse(faintShadow, 236, 318, 20, 4)
}

// inRoom puts a thing on the floor between a window and a plant.
func inRoom(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.window(36, 40)
	c.floor()
	c.plant(352, 334, 84)
	c.transformed(thing, "translate(18 72) scale(.84)")
}

// onWall hangs a thing on the wall of a room.
func onWall(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.floor()
	c.transformed(thing, "translate(92 -6) scale(.66)")
	c.standing(120, 366, 130)
	c.panel(wood, box(20, 296, 200, 62, 6))
	c.stroke(woodDark, 2, "M120 302v50")
	c.circle(brass, 108, 327, 4)
	c.circle(brass, 132, 327, 4)
	c.stroke(woodDark, 7, "M36 358v14M204 358v14")
	c.books(66, 296)
	c.plant(330, 366, 92)
}

// atWindow hangs a thing over the window of a room.
func atWindow(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.floor()
	c.transformed(thing, "translate(20 -10) scale(.8)")
	c.plant(352, 356, 92)
}

// sideBySide lays three of a thing on a table, seen from above.
func sideBySide(c *canvas, thing func()) {
	c.tabletop()
	c.transformed(thing, "translate(-50 78) scale(.64) rotate(-7 200 200)")
	c.transformed(thing, "translate(194 76) scale(.64) rotate(6 200 200)")
	c.transformed(thing, "translate(72 68) scale(.64)")
}

// overlapping lays three of a thing on each other, seen from above.
func overlapping(c *canvas, thing func()) {
	c.tabletop()
	c.transformed(thing, "translate(-6 14) scale(.62) rotate(-12 200 200)")
	c.transformed(thing, "translate(158 48) scale(.62) rotate(9 200 200)")
	c.transformed(thing, "translate(62 142) scale(.62) rotate(-3 200 200)")
}

// risingRow lays three things that point to the upper right below each other.
func risingRow(c *canvas, thing func()) {
	c.tabletop()
	for _, offset := range []int{0, 62, 124} {
		c.transformed(thing, "translate(%d %d) scale(.7)", offset, offset)
	}
}

// fallingRow lays three things that point to the lower right above each other.
func fallingRow(c *canvas, thing func()) {
	c.tabletop()
	for _, offset := range []int{0, 92, 184} {
		c.transformed(thing, "translate(%d %d) scale(.54)", offset, 184-offset)
	}
}

// outdoors puts a thing on a lawn.
func outdoors(c *canvas, thing func()) {
	c.lawn()
	c.transformed(thing, "translate(24 32) scale(.9)")
	c.tufts()
}

// severalOutdoors puts three of a thing on a lawn.
func severalOutdoors(c *canvas, thing func()) {
	c.lawn()
	c.transformed(thing, "translate(172 84) scale(.56)")
	c.transformed(thing, "translate(-2 92) scale(.54)")
	c.transformed(thing, "translate(72 134) scale(.64)")
	c.tufts()
}
