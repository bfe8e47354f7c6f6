package main

import (
	"context"
	"sync"
)

// inBackground runs tasks until ctx ends or stop is called. Stop waits for the tasks.
func inBackground(ctx context.Context, tasks ...func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, task := range tasks {
		running.Go(func() { task(ctx) })
	}
	return func() {
		cancel()
		running.Wait()
	}
}
