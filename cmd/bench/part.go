package main

import (
	"fmt"
	"slices"
	"strings"
)

// The parts of a measurement, which can be chosen.
const (
	partMemory    = "memory"
	partIdle      = "idle"
	partChanges   = "changes"
	partRenders   = "renders"
	partReconnect = "reconnect"
	partUpdates   = "updates"
	partVisible   = "visible"
	partSlow      = "slow"
	partJitter    = "jitter"
	partPersonal  = "personal"
	partNaive     = "naive"
	partPeers     = "peers"
)

// allParts are the parts in the order in which they are measured.
var allParts = []string{
	partMemory, partIdle, partChanges, partRenders, partReconnect, partUpdates,
	partVisible, partSlow, partJitter, partPersonal, partNaive, partPeers,
}

// checkParts returns an error that names the first part there is not.
func checkParts(parts []string) error {
	for _, p := range parts {
		if !slices.Contains(allParts, p) {
			return fmt.Errorf("--part %s is not one of %s", p, strings.Join(allParts, ", "))
		}
	}
	return nil
}
