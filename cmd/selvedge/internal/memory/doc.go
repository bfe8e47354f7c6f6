// Package memory keeps the process below its memory limit, and sets the garbage collector
// by the memory in use.
//
//	plan, err := memory.New(limit, cacheSize, logger)
//	defer plan.Follow()()
package memory
