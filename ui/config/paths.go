package config

import (
	"os"
	"path/filepath"
	"strings"

	"posthorn/mail"
)

// Path is the file to read.
func Path(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	dir, err := xdg("XDG_CONFIG_HOME", ".config")
	return filepath.Join(dir, "config.toml"), err
}

// DataFolder is where the database lives: it holds drafts and unsent mail, so it is data, not cache.
func DataFolder() (string, error) { return xdg("XDG_DATA_HOME", filepath.Join(".local", "share")) }

// xdg is posthorn's folder under a base directory of the XDG specification.
func xdg(variable, fallback string) (string, error) {
	base := os.Getenv(variable)
	if !filepath.IsAbs(base) { // the specification: relative paths are to be ignored
		home, err := os.UserHomeDir()
		if err != nil {
			return "", &mail.Error{Op: "find your home directory", Kind: mail.Damaged, Err: err}
		}
		base = filepath.Join(home, fallback)
	}
	return filepath.Join(base, "posthorn"), nil
}

// downloads is the folder for saved attachments: the one given, else ~/Downloads where it exists, else home.
func downloads(given string) string {
	home, _ := os.UserHomeDir()
	if rest, ok := strings.CutPrefix(given, "~/"); ok {
		return filepath.Join(home, rest)
	}
	if given != "" {
		return given
	}
	dir := filepath.Join(home, "Downloads")
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return dir
	}
	return home
}
