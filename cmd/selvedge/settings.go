package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"selvedge/cmd/selvedge/internal/flags"
	"selvedge/composer/site/config"
)

// settings are the settings of a site that a command has as flags.
type settings struct {
	leaveOut []string              // the keys of further settings, which the command has not
	base     func() *config.Config // the configuration without a file; nil: config.New
	docs     map[string]string     // by key, where the meaning is not that of a site
}

// flags returns a flag for each setting.
func (s settings) flags() []cli.Flag {
	var all []cli.Flag
	for _, setting := range s.all() {
		all = append(all, settingFlag(setting))
	}
	return all
}

// all returns the settings, with the defaults and meanings of the command.
func (s settings) all() []config.Setting {
	var all []config.Setting
	base := s.newConfig()
	for _, setting := range config.Settings() {
		if slices.Contains(s.leaveOut, setting.Key) {
			continue
		}
		if isScalar(setting.Kind) {
			setting.Default = fmt.Sprint(base.Value(setting))
		}
		if text, ok := s.docs[setting.Key]; ok {
			setting.Doc = text
		}
		all = append(all, setting)
	}
	return all
}

// newConfig returns the configuration of a command without a file and flags.
func (s settings) newConfig() *config.Config {
	if s.base == nil {
		return config.New()
	}
	return s.base()
}

// isScalar reports whether a setting of a kind has one value.
func isScalar(k config.Kind) bool { return k != config.List && k != config.Map }

// settingFlag returns the flag of a setting.
func settingFlag(s config.Setting) cli.Flag {
	switch s.Kind {
	case config.Number:
		n, _ := strconv.Atoi(s.Default) // held by a test of package config, as are times
		return flags.Int(s.Flag, n, s.Doc)
	case config.Switch:
		return flags.Bool(s.Flag, s.Doc)
	case config.Duration:
		d, _ := time.ParseDuration(s.Default)
		return flags.Duration(s.Flag, d, s.Doc)
	case config.List:
		return flags.List(s.Flag, s.Doc)
	case config.Map:
		return flags.List(s.Flag, s.Doc+", as "+s.EntryForm())
	}
	return flags.Text(s.Flag, s.Default, s.Doc)
}

// reader returns a function that reads the configuration of a command, and checks it. Its
// error is a flags.UsageError.
func (s settings) reader(c *cli.Command) func() (*config.Config, error) {
	return func() (*config.Config, error) {
		cfg, err := s.read(c)
		if err != nil {
			return nil, err
		}
		return cfg, s.check(cfg)
	}
}

// read returns a configuration by the flags of a command, over the environment, over the
// file of --config if the command has the flag, over the defaults. The error is a
// flags.UsageError for a mistake in any of them.
func (s settings) read(c *cli.Command) (*config.Config, error) {
	return s.readFile(c, c.String("config"))
}

// readFile is read for a command with a rule of its own for the path of the file, which is
// empty for no file.
func (s settings) readFile(c *cli.Command, path string) (*config.Config, error) {
	to := s.newConfig()
	if path != "" {
		var err error
		if to, err = config.Read(path); err != nil {
			return nil, flags.Errorf("%w", err)
		}
	}
	for _, setting := range s.all() {
		if !c.IsSet(setting.Flag) {
			continue
		}
		if err := to.Set(setting.Key, valuesOf(c, setting)); err != nil {
			return nil, flags.Errorf("--%s: %w", setting.Flag, err)
		}
	}
	return to, nil
}

// check returns the mistakes in the settings of a command as a flags.UsageError, or nil.
func (s settings) check(c *config.Config) error {
	var mistakes config.Errors
	if !errors.As(c.Check(), &mistakes) {
		return nil
	}
	mistakes = slices.DeleteFunc(mistakes, func(m *config.Error) bool { return slices.Contains(s.leaveOut, m.Key) })
	if len(mistakes) == 0 {
		return nil
	}
	for _, m := range mistakes {
		s.nameFlag(m)
	}
	return flags.Errorf("%w", mistakes)
}

// nameFlag has a mistake in the value of a flag name the flag, and not the key of a file.
func (s settings) nameFlag(m *config.Error) {
	if m.Line > 0 {
		return
	}
	for _, setting := range s.all() {
		if rest, ok := strings.CutPrefix(m.Message, setting.Key); ok && m.Key == setting.Key {
			m.Message = "--" + setting.Flag + rest
		}
	}
}

// valuesOf returns the values of a setting's flag.
func valuesOf(c *cli.Command, s config.Setting) []string {
	if !isScalar(s.Kind) {
		return c.StringSlice(s.Flag)
	}
	return []string{fmt.Sprint(c.Value(s.Flag))}
}
