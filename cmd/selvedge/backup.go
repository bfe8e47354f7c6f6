package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"selvedge/store/sqlite"
)

func backupCommand() *cli.Command {
	return &cli.Command{
		Name:         "backup",
		Usage:        "copy the shop's data with its key to a file, while the shop runs",
		ArgsUsage:    "FILE",
		Arguments:    []cli.Argument{&cli.StringArg{Name: "file", UsageText: "FILE"}},
		Flags:        []cli.Flag{text("data", "selvedge-data", "folder of the database")},
		Action:       backup,
		OnUsageError: onUsageError,
	}
}

func restoreCommand() *cli.Command {
	return &cli.Command{
		Name:         "restore",
		Usage:        "make the data folder of a shop from a backup",
		ArgsUsage:    "FILE",
		Arguments:    []cli.Argument{&cli.StringArg{Name: "file", UsageText: "FILE"}},
		Flags:        []cli.Flag{text("data", "selvedge-data", "folder of the database, which must not have one")},
		Action:       restore,
		OnUsageError: onUsageError,
	}
}

func backup(ctx context.Context, c *cli.Command) error {
	file, data, err := backupArguments(c)
	if err != nil {
		return err
	}
	key, err := readKey(data.key())
	if err != nil {
		return fmt.Errorf("key of page tokens: %w", err)
	}
	if err := sqlite.Backup(ctx, data.database(), file, key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "backed up %s to %s\n", data.path, file)
	return err
}

// restore writes the key before the database: a folder with a key alone is
// refused by every other command, should this one be cut off in between.
func restore(ctx context.Context, c *cli.Command) error {
	file, data, err := backupArguments(c)
	if err != nil {
		return err
	}
	for _, path := range []string{data.database(), data.database() + "-wal", data.key()} {
		if _, err := os.Stat(path); err == nil {
			return fmt.Errorf("%s is there: a backup is restored into a folder without a shop", path)
		}
	}
	if err := os.MkdirAll(data.path, 0o750); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	err = sqlite.Restore(ctx, file, data.database(), func(key []byte) error { return writeKey(data.key(), key) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "restored %s to %s\n", file, data.path)
	return err
}

func backupArguments(c *cli.Command) (file string, data dataFolder, err error) {
	file, data = c.StringArg("file"), newDataFolder(c.String("data"), false)
	switch {
	case file == "":
		err = errors.New("a FILE is needed; selvedge --help lists what there is")
	case c.Args().Present():
		err = fmt.Errorf("%q is one word too many; selvedge --help lists what there is", c.Args().First())
	case data.inMemory():
		err = errors.New("a shop in memory has no data folder")
	}
	if err != nil {
		err = usageError{err}
	}
	return file, data, err
}
