package main

import "os"

func main() {
	os.Exit(runUntilSignal(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
