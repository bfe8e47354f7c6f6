package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/memory"
	"selvedge/composer"
)

// composerFlags returns the flags of every command with a composer. PageTimeout is the
// default of --page-timeout.
func composerFlags(pageTimeout time.Duration) []cli.Flag {
	return []cli.Flag{
		flags.Int("cache-size", 64, fmt.Sprintf(
			"memory for stored responses, in MiB; in all the process takes up to %d times as much and %d MiB, or what --memory says; 0: nothing is stored",
			memory.PerCache, memory.Base>>20)),
		memory.Flag(),
		flags.Duration("page-timeout", pageTimeout, "time for a document, with all that it includes"),
		flags.Bool("no-gzip", "do not compress pages"),
	}
}

// composerOptions reads composerFlags.
func composerOptions(c *cli.Command) (composer.Options, error) {
	options := composer.Options{
		CacheSize:   cacheSize(c.Int("cache-size")),
		PageTimeout: c.Duration("page-timeout"),
		NoGzip:      c.Bool("no-gzip"),
	}
	if size := c.Int("cache-size"); size < 0 || size > memory.MaxMebibytes {
		return options, flags.Errorf("--cache-size is a number of MiB from 0 to %d, and not %d", memory.MaxMebibytes, size)
	}
	return options, checkTimeout(c, "page-timeout")
}

// checkTimeout returns an error unless a flag is a time above 0.
func checkTimeout(c *cli.Command, name string) error {
	if d := c.Duration(name); d <= 0 {
		return flags.Errorf("--%s is a time above 0, as in 10s, and not %s", name, d)
	}
	return nil
}

// cacheSize converts a size in MiB for composer.Options, where 0 is the default size and
// -1 is no cache.
func cacheSize(mebibytes int) int {
	if mebibytes == 0 {
		return -1
	}
	return mebibytes << 20
}
