// Package flags defines the flags of a command line, whose values may also stand in the
// environment, and the errors of a wrong command line.
//
//	root := &cli.Command{Name: "selvedge", Flags: []cli.Flag{flags.Int("products", 0, "number of products")}}
//	err := flags.Run(ctx, root, args)
//
// The error of Run is a [UsageError] for each of these mistakes:
//
//   - a flag without a value: [MissingValueError];
//   - an unknown flag: [UnknownFlagError];
//   - a value of the wrong type, on the command line or in the environment: [ValueError].
package flags
