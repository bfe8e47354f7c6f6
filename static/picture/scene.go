package picture

// onShelf stands three of a thing on a wooden board.
func onShelf(c *canvas, thing func()) {
	c.backdrop(c.p.background)
	c.transformed(thing, "translate(148 40) scale(.62)")
	c.transformed(thing, "translate(-2 64) scale(.55)")
	c.board(290)
	c.transformed(thing, "translate(62 116) scale(.6)")
}

// board draws the plank of a table or shelf whose back edge is at y.
func (c *canvas) board(y int) {
	c.rect(woodLight, 0, y, 400, 400-y, 0)
	c.rect(wood, 0, y+64, 400, 400-y-64, 0)
}
