// Package house tests the structure of the code: how many files a folder has, which files
// of a package depend on each other, how many names have several meanings, and how plain
// the comments are. With -v it prints the figures:
//
//	go test -v ./cmd/internal/house
package house
