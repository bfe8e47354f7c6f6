package wsframe_test

import (
	"fmt"

	"selvedge/cmd/bench/internal/wsframe"
)

func Example() {
	received := wsframe.Text([]byte("hello"))
	fmt.Println(wsframe.Parse(received[:3]))
	frame, n, err := wsframe.Parse(received)
	fmt.Printf("%d %s %d %v\n", frame.Opcode, frame.Payload, n, err)
	// Output:
	// {0 []} 0 <nil>
	// 1 hello 7 <nil>
}
