package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/cmd/selvedge/internal/shop/datafolder"
	"selvedge/store/sqlite"
)

func backupCommand() *cli.Command {
	return &cli.Command{
		Name:      "backup",
		Usage:     "copy the shop's data with its key to a file, while the shop runs",
		ArgsUsage: "FILE",
		Arguments: []cli.Argument{&cli.StringArg{Name: "file", UsageText: "FILE"}},
		Flags:     []cli.Flag{flags.Text("data", "selvedge-data", "folder of the database")},
		Action:    backup,
	}
}

func restoreCommand() *cli.Command {
	return &cli.Command{
		Name:      "restore",
		Usage:     "make the data folder of a shop from a backup",
		ArgsUsage: "FILE",
		Arguments: []cli.Argument{&cli.StringArg{Name: "file", UsageText: "FILE"}},
		Flags:     []cli.Flag{flags.Text("data", "selvedge-data", "folder of the database, which must not have one")},
		Action:    restore,
	}
}

// backup copies the database with the key.
func backup(ctx context.Context, c *cli.Command) error {
	file, data, err := backupArguments(c)
	if err != nil {
		return err
	}
	key, err := datafolder.ReadKey(data.Key())
	if err != nil {
		return fmt.Errorf("key of page tokens: %w", err)
	}
	if err := sqlite.Backup(ctx, data.Database(), file, key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "backed up %s to %s\n", data.Path, file)
	return err
}

// restore writes the key before the database, because all commands refuse a folder with a
// key alone, which an interrupted restore leaves.
func restore(ctx context.Context, c *cli.Command) error {
	file, data, err := backupArguments(c)
	if err != nil {
		return err
	}
	for _, path := range []string{data.Database(), data.Database() + "-wal", data.Key()} {
		if _, err := os.Stat(path); err == nil {
			return fmt.Errorf("%s is there: a backup is restored into a folder without a shop", path)
		}
	}
	if err := os.MkdirAll(data.Path, 0o750); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	err = sqlite.Restore(ctx, file, data.Database(), func(key []byte) error { return datafolder.WriteKey(data.Key(), key) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Root().Writer, "restored %s to %s\n", file, data.Path)
	return err
}

// backupArguments reads the arguments of backup and restore.
func backupArguments(c *cli.Command) (file string, data datafolder.Folder, err error) {
	file, data = c.StringArg("file"), datafolder.New(c.String("data"), false)
	switch {
	case file == "":
		err = errors.New("a FILE is needed; selvedge --help lists what there is")
	case c.Args().Present():
		err = fmt.Errorf("%q is one word too many; selvedge --help lists what there is", c.Args().First())
	case data.InMemory():
		err = errors.New("a shop in memory has no data folder")
	}
	if err != nil {
		err = flags.Errorf("%w", err)
	}
	return file, data, err
}
