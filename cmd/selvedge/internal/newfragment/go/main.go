// Command noname serves the fragment noname, alone with a page around it and for a site.
package main

import (
	"cmp"
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"selvedge/fragments/standalone"
)

// main serves at the port of the first argument, or of PORT, or at 7001.
func main() {
	port := cmp.Or(os.Getenv("PORT"), "7001")
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, "127.0.0.1:"+port); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, address string) error {
	f, err := newFragment()
	if err != nil {
		return err
	}
	return standalone.ListenAndServe(ctx, address, f, standalone.Options{})
}
