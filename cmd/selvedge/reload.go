package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
)

// settleTime is the wait after a change of a file before it is read, because an editor
// changes a file in several steps.
const settleTime = 50 * time.Millisecond

// onHangUp returns a channel that receives each SIGHUP until stop is called. From then on,
// the signal no longer ends the process.
func onHangUp() (hangUp <-chan os.Signal, stop func()) {
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGHUP)
	return received, func() { signal.Stop(received) }
}

// reloader reads the configuration of a site again, when that has changed.
type reloader struct {
	site     *site.Site
	server   *httpServer // which has the certificate of the configuration
	read     func() (*config.Config, error)
	since    time.Time            // before the configuration was read for the first time
	hangUp   <-chan os.Signal     // SIGHUP
	changed  <-chan struct{}      // another reason to read it; nil: there is none
	reloaded func(*config.Config) // called after the site has changed; nil: nothing
}

// run reads the configuration again on SIGHUP, and when its file changes, until ctx ends. A
// configuration with mistakes is logged, and the site goes on with the previous one.
func (r *reloader) run(ctx context.Context) {
	written := watch(ctx, r.site.Config().File(), r.server.logger)
	if r.hasChanged() {
		r.reload()
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.hangUp:
		case <-written:
		case <-r.changed:
		}
		r.reload()
	}
}

// clockStep is more than the resolution of the times of files.
const clockStep = 10 * time.Millisecond

// hasChanged reports whether the file was written before it was watched, and after it was
// read.
func (r *reloader) hasChanged() bool {
	info, err := os.Stat(r.site.Config().File())
	return err == nil && info.ModTime().After(r.since.Add(-clockStep))
}

// reload reads the configuration again.
func (r *reloader) reload() {
	logger := r.server.logger
	cfg, err := r.read()
	if err == nil {
		err = r.site.Reload(cfg)
	}
	if err != nil {
		logger.Error("the configuration was not changed", "err", err)
		return
	}
	r.server.setCertificate(cfg)
	logger.Info("the configuration was read again", "pages", len(cfg.Pages), "fragments", len(cfg.Fragments))
	if r.reloaded != nil {
		r.reloaded(cfg)
	}
}

// watch returns a channel that receives after a file has changed, until ctx ends. It
// watches the folder of the file, because an editor replaces the file. Without a file, or if
// the folder cannot be watched, the channel never receives.
func watch(ctx context.Context, file string, logger *slog.Logger) <-chan struct{} {
	if file == "" {
		return nil
	}
	watcher, err := fsnotify.NewWatcher()
	if err == nil {
		if err = watcher.Add(filepath.Dir(file)); err != nil {
			_ = watcher.Close()
		}
	}
	if err != nil {
		logger.Warn("the configuration file is not watched; SIGHUP has it read again", "file", file, "err", err)
		return nil
	}
	changed := make(chan struct{})
	go func() {
		defer func() { _ = watcher.Close() }()
		passOn(ctx, watcher, file, changed, logger)
	}()
	return changed
}

// passOn sends to changed, settleTime after the last event of a file.
func passOn(ctx context.Context, watcher *fsnotify.Watcher, file string, changed chan<- struct{}, logger *slog.Logger) {
	settled := time.NewTimer(settleTime)
	settled.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-watcher.Events:
			if filepath.Base(event.Name) == filepath.Base(file) && !event.Has(fsnotify.Chmod) {
				settled.Reset(settleTime)
			}
		case err := <-watcher.Errors: // events may be lost; the next one counts
			logger.Warn("watching the configuration file", "file", file, "err", err)
		case <-settled.C:
			select {
			case changed <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}
}
