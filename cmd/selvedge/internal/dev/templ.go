package dev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/modfile"
)

// templ knows the Go modules with templates, for which templ's watcher runs. The zero value
// has no modules. It is safe for concurrent use, except that calls of set and remove must
// follow each other.
type templ struct {
	texts string // the folder of the texts of templates; empty: there are none

	mu      sync.Mutex
	modules map[string]skeletons // by the folder of the module
}

// set finds the modules of commands whose folders have templates. It returns a command for
// each, which runs templ's watcher.
func (t *templ) set(commands []Command) (watchers []Command, failed error) {
	modules := make(map[string]skeletons)
	for _, c := range commands {
		module := moduleOf(c.Dir)
		if module == "" || modules[module] != nil || len(filesWith(c.Dir, ".templ")) == 0 {
			continue
		}
		args, err := templWatcher(module)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		modules[module] = newSkeletons(module)
		watchers = append(watchers, Command{Name: "(templ " + filepath.Base(module) + ")", Args: args, Dir: module})
	}
	if len(modules) > 0 && t.texts == "" {
		folder, err := os.MkdirTemp("", "selvedge-templ-")
		if err != nil {
			return nil, errors.Join(failed, fmt.Errorf("keep the texts of templates: %w", err))
		}
		t.texts = folder
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.modules = modules
	return watchers, failed
}

// moduleOf returns the folder of the Go module that a folder belongs to, or nothing.
func moduleOf(folder string) string {
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return ""
		}
		folder = parent
	}
}

const templPackage = "github.com/a-h/templ"

// templWatcher returns the command line of templ's watcher for a module: the tool of the
// module, or else templ in the version that the module requires, or the one that is
// installed.
func templWatcher(module string) ([]string, error) {
	name := filepath.Join(module, "go.mod")
	text, err := os.ReadFile(name) //nolint:gosec // a file of the developer
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse(name, text, nil)
	if err != nil {
		return nil, err
	}
	watch := []string{"generate", "--watch", "--path", "."}
	for _, tool := range file.Tool {
		if tool.Path == templPackage+"/cmd/templ" {
			return append([]string{"go", "tool", "templ"}, watch...), nil
		}
	}
	for _, required := range file.Require {
		if required.Mod.Path == templPackage {
			return append([]string{"go", "run", templPackage + "/cmd/templ@" + required.Mod.Version}, watch...), nil
		}
	}
	if _, err := exec.LookPath("templ"); err != nil {
		return nil, fmt.Errorf("%s has .templ files and does not require templ; run there: go get -tool %s/cmd/templ", module, templPackage)
	}
	return append([]string{"templ"}, watch...), nil
}

// filesWith returns the files below a folder with an ending, without the folders that templ
// leaves out.
func filesWith(root, ending string) (files []string) {
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := filepath.Base(path)
		switch {
		case err != nil: // it is gone, or cannot be read: templ does not see it either
			return nil //nolint:nilerr // the walk goes on
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "vendor" || name == "node_modules"):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ending):
			files = append(files, path)
		}
		return nil
	})
	return files
}

// folders returns the folders to be watched.
func (t *templ) folders() []string {
	if t.texts == "" {
		return nil
	}
	return []string{t.texts}
}

// environment returns the variables by which templ keeps the texts of templates in files, and
// a program reads them there.
func (t *templ) environment(c Command) []string {
	module, _ := t.moduleWith(c.Dir)
	if module == "" {
		return nil
	}
	if real, err := filepath.EvalSymlinks(module); err == nil {
		module = real
	}
	return []string{"TEMPL_DEV_MODE=true", "TEMPL_DEV_MODE_ROOT=" + t.texts, "TEMPL_DEV_MODE_WATCH_ROOT=" + module}
}

// moduleWith returns the module that a path is in, or nothing.
func (t *templ) moduleWith(path string) (module string, k skeletons) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for module, k := range t.modules {
		if (Command{Dir: module}).has(path) {
			return module, k
		}
	}
	return "", nil
}

// textsTimeout bounds the wait for the texts of all templates, because a template with a
// mistake has none.
const textsTimeout = 30 * time.Second

// awaitTexts waits until templ has written the texts of all templates that a server reads.
func (t *templ) awaitTexts(ctx context.Context, c Command) {
	module, _ := t.moduleWith(c.Dir)
	if module == "" || c.Address == "" {
		return
	}
	want := len(filesWith(module, ".templ"))
	ctx, cancel := context.WithTimeout(ctx, textsTimeout)
	defer cancel()
	poll(ctx, func() bool {
		texts, err := os.ReadDir(t.texts)
		return err == nil && len(texts) >= want
	})
}

// isText reports whether a file has the texts of a template.
func (t *templ) isText(file string) bool { return t.texts != "" && filepath.Dir(file) == t.texts }

// isGenerated reports whether a change of a file has no effect of its own: a template, whose
// Go code and texts follow, or Go code with other texts alone. Call isGenerated once for a
// change.
func (t *templ) isGenerated(file string) bool {
	module, k := t.moduleWith(file)
	return module != "" && (filepath.Ext(file) == ".templ" || strings.HasSuffix(file, codeEnding) && !k.update(file))
}

// remove removes the texts of templates.
func (t *templ) remove() error {
	if t.texts == "" {
		return nil
	}
	return os.RemoveAll(t.texts)
}
