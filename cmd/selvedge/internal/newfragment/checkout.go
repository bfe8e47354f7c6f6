package newfragment

import (
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/mod/modfile"
)

// FindCheckout returns the absolute path of a checkout of Selvedge, or nothing. It is the
// first of
//
//   - the working folder, or a folder above it;
//   - the folder of the source code of this program, unless that is not there, or the program
//     was built with -trimpath.
func FindCheckout() string {
	if here, err := os.Getwd(); err == nil {
		if found := checkoutAbove(here); found != "" {
			return found
		}
	}
	_, source, _, _ := runtime.Caller(0)
	if !filepath.IsAbs(source) {
		return ""
	}
	return checkoutAbove(filepath.Dir(source))
}

// checkoutAbove returns the checkout that a folder is in, or nothing.
func checkoutAbove(folder string) string {
	for {
		text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil && modfile.ModulePath(text) == modulePath {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return ""
		}
		folder = parent
	}
}
