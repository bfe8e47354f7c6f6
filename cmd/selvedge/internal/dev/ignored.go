package dev

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ignoredFolders are folders that people do not write in.
var ignoredFolders = []string{"node_modules", "bower_components", "vendor", "venv", "dist", "build", "target", "out", "bin", "obj", "tmp", "log", "logs", "coverage"}

// ignoredEndings are the endings of files that programs write: editors, databases, logs,
// compilers.
var ignoredEndings = []string{"~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".log", ".pid", ".lock", ".pyc", ".class", ".o", ".exe",
	".db", ".sqlite", ".sqlite3", "-journal", "-wal", "-shm"}

// isIgnoredFolder reports whether a folder is not watched:
//
//   - its name begins with a dot or an underscore, as .git or __pycache__;
//   - it has one of the names of ignoredFolders.
func isIgnoredFolder(path string) bool {
	name := filepath.Base(path)
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || slices.Contains(ignoredFolders, name)
}

// isIgnored reports whether a change of a file does not count:
//
//   - its name begins with a dot or a #, or has one of ignoredEndings;
//   - it is 4913, with which vim tries whether it may write;
//   - it is a program without an ending, as builds write, and no script. The value of info is
//     nil for a file that is gone.
func isIgnored(path string, info fs.FileInfo) bool {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || name == "4913" {
		return true
	}
	if slices.ContainsFunc(ignoredEndings, func(end string) bool { return strings.HasSuffix(name, end) }) {
		return true
	}
	return info != nil && filepath.Ext(name) == "" && info.Mode().Perm()&0o111 != 0 && !isScript(path)
}

// isScript reports whether a file begins with the line that names its interpreter.
func isScript(path string) bool {
	file, err := os.Open(path) //nolint:gosec // a file of the developer
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	var begin [2]byte
	_, err = io.ReadFull(file, begin[:])
	return err == nil && string(begin[:]) == "#!"
}
