package main

import (
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"selvedge/cmd/selvedge/internal/dev"
	"selvedge/composer/site/config"
)

// commandsOf returns the commands of a configuration.
func commandsOf(cfg *config.Config) []dev.Command {
	var commands []dev.Command
	for name, f := range cfg.Fragments {
		u, err := url.Parse(f.URL)
		if f.Command == nil || err != nil {
			continue
		}
		commands = append(commands, dev.Command{
			Name: name, Args: f.Command, Dir: absolutePaths(cfg.CommandDir(f))[0], Address: hostPort(u), Watch: f.Watch,
		})
	}
	return commands
}

// hostPort returns the host and the port of a URL.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// templatesOf returns the template files of a configuration.
func templatesOf(cfg *config.Config) []string {
	var files []string
	for name := range cfg.Files() {
		files = append(files, cfg.Path(name))
	}
	return absolutePaths(files...)
}

// absolutePaths returns the absolute paths of files. An empty path is left out.
func absolutePaths(files ...string) []string {
	var all []string
	for _, file := range files {
		if file == "" {
			continue
		}
		if path, err := filepath.Abs(file); err == nil {
			file = path
		}
		all = append(all, file)
	}
	return all
}

// hasColor reports whether a writer is a terminal that shows colors (see no-color.org).
func hasColor(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == ""
}
