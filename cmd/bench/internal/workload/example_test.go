package workload_test

import (
	"fmt"

	"selvedge/cmd/bench/internal/workload"
)

func Example() {
	path := workload.PagePath(workload.Cached, workload.Usual, workload.ESITemplate)
	fmt.Println(path, len(workload.Usual.Text(workload.Usual.Fragment)))

	message := workload.AppendView(nil, workload.SwapAttribute, 3, 17, workload.ViewSize)
	update, _, ok := workload.NextUpdate(message)
	fmt.Println(len(message), update, ok)
	// Output:
	// /page/cached/10x31000/esi 31000
	// 475 {3 17} true
}
