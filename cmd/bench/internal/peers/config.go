//go:build linux

package peers

import (
	"bytes"
	"os"
	"path/filepath"
	"text/template"
)

// writeConfig writes the text of a configuration with its settings into a folder, and
// returns the name of the file. The file in the folder is named as the template.
func writeConfig(folder string, config *template.Template, settings any) (string, error) {
	var b bytes.Buffer
	if err := config.Execute(&b, settings); err != nil {
		return "", err
	}
	file := filepath.Join(folder, config.Name())
	return file, os.WriteFile(file, b.Bytes(), 0o600)
}
