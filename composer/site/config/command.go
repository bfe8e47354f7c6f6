package config

import (
	"path"
	"runtime"

	"go.yaml.in/yaml/v4"
)

// A Command is a program and its arguments. In the file it is
//
//   - a list of words, as in [python3, comments.py], or
//   - a text for the shell: sh -c, or cmd /C on Windows.
type Command []string

// shellCommand returns the command that has the shell run a text.
func shellCommand(text string) Command {
	if runtime.GOOS == "windows" {
		return Command{"cmd", "/C", text}
	}
	return Command{"sh", "-c", text}
}

// command reads a list of words, or a text for the shell.
func (r *reader) command(n *yaml.Node, c *Command, key string) {
	switch n.Kind {
	case yaml.ScalarNode:
		*c = shellCommand(n.Value)
	case yaml.SequenceNode:
		r.list(n, (*[]string)(c), key)
	default:
		r.fail(n, key, "%s is a list of words, as in [python3, comments.py], or a text for the shell, and not %s", key, describe(n))
	}
}

// command checks the command of a fragment. Its folder need not exist, because a site that is
// served has no use for it.
func (k *checker) command(name string, f Fragment) {
	key := "fragments." + name
	switch {
	case f.Command == nil:
		for child, written := range map[string]bool{".dir": f.Dir != "", ".watch": f.Watch != nil} {
			if written {
				k.fail(key+child, "fragment %s has no command, and %s is for one", name, child[1:])
			}
		}
		return
	case len(f.Command) == 0 || f.Command[0] == "":
		k.fail(key+".command", "the command of %s has no program, as in [python3, comments.py]", name)
	case f.URL == "":
		k.fail(key+".command", "the command of %s needs the url at which its server listens, as in http://127.0.0.1:7002", name)
	}
	for i, pattern := range f.Watch {
		if _, err := path.Match(pattern, ""); err != nil {
			k.failItem(key+".watch", i, "%q is no pattern of file names, as in *.py", pattern)
		}
	}
}

// CommandDir returns the working directory of a fragment's command: Dir, which is relative to
// the folder of the configuration, or else that folder.
func (c *Config) CommandDir(f Fragment) string {
	if f.Dir == "" {
		return c.Path(".")
	}
	return c.Path(f.Dir)
}
