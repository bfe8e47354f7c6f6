package dev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settleTime is the wait after a change until it counts, because editors and generators
// change files in several steps. maxSettleTime bounds it while changes follow each other.
const (
	settleTime    = 40 * time.Millisecond
	maxSettleTime = 500 * time.Millisecond
)

// watcher watches folders. Use it by one goroutine.
type watcher struct {
	events  *fsnotify.Watcher
	logger  *slog.Logger
	changed map[string]bool // files, since the last call of the function of run
}

// newWatcher returns a watcher of folders with all that is below. A folder that cannot be
// watched is logged.
func newWatcher(folders []string, logger *slog.Logger) (*watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch files: %w", err)
	}
	w := &watcher{events: events, logger: logger, changed: make(map[string]bool)}
	for _, folder := range folders {
		w.add(folder)
	}
	return w, nil
}

// add watches a folder, and the folders below that are not ignored. It returns the files in
// them.
func (w *watcher) add(root string) (files []string) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != root: // it is gone again
			return nil
		case err != nil:
			return err
		case !d.IsDir():
			files = append(files, path)
			return nil
		case path != root && isIgnoredFolder(path):
			return fs.SkipDir
		}
		return w.events.Add(path)
	})
	w.logUnwatched(root, err)
	return files
}

// addFlat watches folders without the folders below.
func (w *watcher) addFlat(folders []string) {
	for _, folder := range folders {
		w.logUnwatched(folder, w.events.Add(folder))
	}
}

func (w *watcher) logUnwatched(folder string, err error) {
	if err != nil {
		w.logger.Warn("a folder is not watched, so that changes in it have no effect", "folder", folder, "err", err)
	}
}

// run calls changed with the files that have changed, until ctx ends, and closes the watcher.
func (w *watcher) run(ctx context.Context, changed func(files []string)) {
	defer func() { _ = w.events.Close() }()
	settled := time.NewTimer(settleTime)
	settled.Stop()
	var first time.Time // of the changes that have not settled
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-w.events.Events:
			if !w.note(event) {
				continue
			}
			if first.IsZero() {
				first = time.Now()
			}
			settled.Reset(min(settleTime, time.Until(first.Add(maxSettleTime))))
		case err := <-w.events.Errors: // events may be lost; the next one counts
			w.logger.Warn("watching files", "err", err)
		case <-settled.C:
			changed(slices.Sorted(maps.Keys(w.changed)))
			clear(w.changed)
			first = time.Time{}
		}
	}
}

// note notes the file of an event, and reports whether it counts. A folder that appears is
// watched, and its files count.
func (w *watcher) note(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	info, err := os.Stat(event.Name)
	if err != nil {
		info = nil
	}
	files := []string{event.Name}
	if info != nil && info.IsDir() {
		if !event.Has(fsnotify.Create) || isIgnoredFolder(event.Name) {
			return false
		}
		files, info = w.add(event.Name), nil
	}
	counts := false
	for _, file := range files {
		if !isIgnored(file, info) {
			w.changed[file], counts = true, true
		}
	}
	return counts
}
