// Package buildinfo has the version of the running program, as the go command has recorded it
// from the version control system.
package buildinfo

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
)

// Info is the version of a program. A build outside of a checkout, or with -buildvcs=false, has
// a version alone.
type Info struct {
	Version  string // as in v1.2.3, of a tag; a pseudo-version between tags; +dirty: with changes that are not committed
	Revision string // the commit, in hexadecimal; empty: not recorded
	Date     string // of the commit, in RFC 3339; empty: not recorded
	Go       string // the version of Go, as in go1.26.0
	Platform string // as in linux/amd64
}

// Read returns the version of this program. It is safe for concurrent use.
var Read = sync.OnceValue(func() Info {
	recorded, ok := debug.ReadBuildInfo()
	if !ok {
		return Info{Version: "unknown"}
	}
	return parse(recorded)
})

// parse returns the version in the record of a build.
func parse(recorded *debug.BuildInfo) Info {
	settings := make(map[string]string)
	for _, s := range recorded.Settings {
		settings[s.Key] = s.Value
	}
	info := Info{
		Version:  recorded.Main.Version,
		Revision: settings["vcs.revision"],
		Date:     settings["vcs.time"],
		Go:       recorded.GoVersion,
		Platform: settings["GOOS"] + "/" + settings["GOARCH"],
	}
	if info.Version == "" {
		info.Version = "(devel)" // a test, as the go command names every other build without a version
	}
	return info
}

// String returns the version in a line for people.
func (i Info) String() string {
	var details []string
	if i.Revision != "" {
		details = append(details, "commit "+i.Revision[:min(12, len(i.Revision))]+" of "+i.Date)
	}
	details = append(details, i.Go, i.Platform)
	return fmt.Sprintf("%s, %s", i.Version, strings.Join(details, ", "))
}

// Product returns the program as a value of the field Server (RFC 9110 §10.2.4), as in
// selvedge/1.2.3.
func (i Info) Product() string {
	if number, ok := strings.CutPrefix(i.Version, "v"); ok {
		return "selvedge/" + number
	}
	return "selvedge (" + strings.Trim(i.Version, "()") + ")"
}
