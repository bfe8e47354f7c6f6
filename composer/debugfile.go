package composer

import (
	"net/http"

	"selvedge/composer/internal/debugpanel"
)

// The addresses of the files that pages of Options.Debug and Options.ShowFailures load.
const (
	DebugStylesheet = debugpanel.StylesheetPath
	DebugScript     = debugpanel.ScriptPath
)

// DebugFile answers a GET or HEAD of DebugStylesheet and DebugScript with the file.
func DebugFile(w http.ResponseWriter, r *http.Request) { debugpanel.ServeFile(w, r) }
