package dev

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
)

// Options are the options of Servers. Output is required.
type Options struct {
	// Output receives the output of the servers. It must be safe for use beside the logger.
	Output io.Writer
	// Color has names written in color, for a terminal.
	Color bool
	// Changed is called when pages of before are outdated, by several goroutines: a server
	// has been started again or has ended, or a file has changed that pages are made of.
	// Default: nothing.
	Changed func()
	// Ignore are files whose changes have no effect. Default: none.
	Ignore []string
	// Logger is told of folders that cannot be watched. Default: slog.Default().
	Logger *slog.Logger
}

// Servers are running servers of fragments. Create them with New; the methods are safe for
// concurrent use, except that calls of Set and Close must follow each other.
type Servers struct {
	options Options
	output  *output
	templ   templ
	stop    func() // ends watching

	mu        sync.Mutex
	running   map[string]*server // by the names of their commands
	processes map[*process]bool  // that were started, and not stopped
	pages     []string
	starting  int           // number of servers that are starting
	settled   chan struct{} // closed while there is none
}

// New returns Servers without a server. Close ends them.
func New(o Options) *Servers {
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	s := &Servers{
		options: o, output: &output{w: o.Output, color: o.Color, order: make(map[string]int)}, stop: func() {},
		running: make(map[string]*server), processes: make(map[*process]bool), settled: make(chan struct{}),
	}
	close(s.settled)
	return s
}

// Set starts the servers of commands, and ends all other servers. Servers of the same command
// go on. The files in pages are parts of pages without a server, such as templates. Folders
// and files are absolute paths.
//
// The error says that files cannot be watched, or how templ cannot be run.
func (s *Servers) Set(commands []Command, pages []string) error {
	s.stop()
	s.stop = func() {}
	generators, failed := s.templ.set(commands) // without templ, the other commands run
	all := slices.Concat(generators, commands)
	s.endExcept(all)
	s.mu.Lock()
	s.pages = pages
	s.mu.Unlock()
	w, err := newWatcher(foldersOf(commands), s.options.Logger)
	if err != nil {
		return errors.Join(failed, err)
	}
	w.addFlat(slices.Concat(parentsOf(pages), s.templ.folders()))
	s.stop = watchUntilStopped(w, s.handleChanges)
	for _, c := range all {
		s.start(c)
	}
	return failed
}

// foldersOf returns the folders of commands.
func foldersOf(commands []Command) (folders []string) {
	for _, c := range commands {
		folders = append(folders, c.Dir)
	}
	return folders
}

// parentsOf returns the folders of files.
func parentsOf(files []string) (folders []string) {
	for _, file := range files {
		folders = append(folders, filepath.Dir(file))
	}
	return folders
}

// watchUntilStopped runs a watcher until stop is called, which waits for it.
func watchUntilStopped(w *watcher, changed func(files []string)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.run(ctx, changed)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// endExcept ends all servers but those of commands.
func (s *Servers) endExcept(commands []Command) {
	s.mu.Lock()
	var ending []*server
	for name, r := range s.running {
		if !slices.ContainsFunc(commands, func(c Command) bool { return reflect.DeepEqual(c, r.command) }) {
			ending = append(ending, r)
			delete(s.running, name)
		}
	}
	s.mu.Unlock()
	for _, r := range ending {
		r.cancel() // all at once
	}
	for _, r := range ending {
		<-r.ended
		s.mu.Lock()
		s.setStarting(r, false)
		s.mu.Unlock()
	}
}

// start starts the server of a command, unless it runs.
func (s *Servers) start(c Command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[c.Name] != nil {
		return
	}
	s.output.add(c.Name)
	ctx, cancel := context.WithCancel(context.Background())
	r := &server{servers: s, command: c, cancel: cancel, ended: make(chan struct{}), restart: make(chan struct{}, 1)}
	s.running[c.Name] = r
	s.setStarting(r, c.Address != "")
	go func() {
		defer close(r.ended)
		r.run(ctx)
	}()
}

// setStarting notes whether a server is starting. The caller holds mu.
func (s *Servers) setStarting(r *server, is bool) {
	if r.isStarting == is {
		return
	}
	r.isStarting = is
	if !is {
		if s.starting--; s.starting == 0 {
			close(s.settled)
		}
		return
	}
	if s.starting++; s.starting == 1 {
		s.settled = make(chan struct{})
	}
}

// Await waits until no server is starting, or until ctx ends. Failed servers, and servers
// without an answer for a long time, count as started.
func (s *Servers) Await(ctx context.Context) {
	for {
		s.mu.Lock()
		settled, starting := s.settled, s.starting
		s.mu.Unlock()
		if starting == 0 {
			return
		}
		select {
		case <-settled:
		case <-ctx.Done():
			return
		}
	}
}

// Kill kills all processes, and waits for nothing. It may be called beside Set and Close.
func (s *Servers) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.processes {
		_ = killGroup(p.cmd) // there may be none left
	}
}

// keep has Kill know a process, or forget it.
func (s *Servers) keep(p *process, is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if is {
		s.processes[p] = true
	} else {
		delete(s.processes, p)
	}
}

// Close ends all servers, and waits for them.
func (s *Servers) Close() {
	s.stop()
	s.endExcept(nil)
	if err := s.templ.remove(); err != nil {
		s.options.Logger.Warn("the texts of templates are left", "err", err)
	}
}

// handleChanges starts the servers of changed files again, and reports outdated pages for all
// other files.
func (s *Servers) handleChanges(files []string) {
	s.mu.Lock()
	outdated := false
	for _, file := range files {
		switch {
		case slices.Contains(s.options.Ignore, file) || s.templ.isGenerated(file):
		case slices.Contains(s.pages, file) || s.templ.isText(file):
			outdated = true
		default:
			outdated = s.restartFor(file) || outdated
		}
	}
	s.mu.Unlock()
	if outdated {
		s.options.Changed()
	}
}

// restartFor starts the servers of a changed file again. It reports whether another server of
// the file goes on. The caller holds mu.
func (s *Servers) restartFor(file string) (goesOn bool) {
	for _, r := range s.running {
		switch {
		case r.command.Address == "" || !r.command.has(file):
		case r.command.restartsFor(file):
			s.setStarting(r, true)
			r.requestRestart()
		default:
			goesOn = true
		}
	}
	return goesOn
}
