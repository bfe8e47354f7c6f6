package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/composer"
)

// maxCacheSize is the largest --cache-size, in MiB.
const maxCacheSize = 1 << 20

// composerFlags are those of every command with a composer. PageTimeout is the
// default of --page-timeout.
func composerFlags(pageTimeout time.Duration) []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{
			Name:  "cache-size",
			Value: 64,
			Usage: fmt.Sprintf("memory for stored responses, in MiB; in all the process takes up to %d times as much and %d MiB, or what --memory says; 0: nothing is stored",
				memoryPerCache, baseMemory>>20),
			Sources: fromEnvironment("cache-size"),
		},
		memoryFlag(),
		duration("page-timeout", pageTimeout, "time for a document, with all that it includes"),
		&cli.BoolFlag{
			Name:    "no-gzip",
			Usage:   "do not compress pages",
			Sources: fromEnvironment("no-gzip"),
		},
	}
}

// composerOptions reads composerFlags.
func composerOptions(c *cli.Command) (composer.Options, error) {
	options := composer.Options{
		CacheSize:   cacheSize(c.Int("cache-size")),
		PageTimeout: c.Duration("page-timeout"),
		NoGzip:      c.Bool("no-gzip"),
	}
	if size := c.Int("cache-size"); size < 0 || size > maxCacheSize {
		return options, usageError{fmt.Errorf("--cache-size is a number of MiB from 0 to %d, and not %d", maxCacheSize, size)}
	}
	return options, checkTimeout(c, "page-timeout")
}

// checkTimeout returns an error unless a flag is a time above 0.
func checkTimeout(c *cli.Command, name string) error {
	if d := c.Duration(name); d <= 0 {
		return usageError{fmt.Errorf("--%s is a time above 0, as in 10s, and not %s", name, d)}
	}
	return nil
}

// cacheSize is a size in MiB as the composer takes it: its 0 is a default.
func cacheSize(mebibytes int) int {
	if mebibytes == 0 {
		return -1
	}
	return mebibytes << 20
}
