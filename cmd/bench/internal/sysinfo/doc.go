// Package sysinfo reads from Linux how busy the machine and its processes are,
// and how many connections a process may open:
//
//	before, err := sysinfo.TakeSnapshot()
//	...
//	after, err := sysinfo.TakeSnapshot()
//	fmt.Printf("other programs used %.0f %%\n", 100*after.OtherPrograms(before))
//
// The sources are /proc, see proc(5), getrusage(2) and getrlimit(2). Times from
// /proc have a resolution of 10 ms.
package sysinfo
