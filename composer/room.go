package composer

// stackRoom is about what asking for a fragment takes of a stack, in bytes.
const stackRoom = 6 << 10

// makeRoom is called first by a goroutine that will need a deep stack. That
// grows at once while nothing is on it, in place of several times, with all that
// is there copied and adjusted each time.
//
//go:noinline
func makeRoom(i int) byte {
	var room [stackRoom]byte
	return room[uint(i)%stackRoom]
}
