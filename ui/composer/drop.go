package composer

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
)

// pasted is what was pasted into a field or the text: paths of files that are there, or something else.
type pasted struct {
	paths []string
	text  string
	into  field
}

// longestDrop bounds what may be the paths of dropped files, in bytes.
const longestDrop = 16 << 10

// droppedPaths is what a terminal may mean that pastes the paths of files dropped on it: quoted, with escaped spaces, or as file
// URLs, one after the other or each on its line. All the files of one reading have to be there; none: it is text.
func droppedPaths(text string) (readings [][]string) {
	s := strings.TrimSpace(text)
	if len(s) > longestDrop || strings.ContainsRune(s, 0) || !strings.HasPrefix(strings.TrimLeft(s, `'"`), "/") && !strings.HasPrefix(s, "~/") && !strings.HasPrefix(s, "file:") {
		return nil
	}
	for _, paths := range [][]string{{s}, strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n"), external.Words(s)} {
		for i, p := range paths {
			p = strings.TrimSpace(p)
			if u, err := url.Parse(p); err == nil && u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") {
				p = u.Path
			}
			paths[i] = p
		}
		paths = slices.DeleteFunc(paths, func(p string) bool { return p == "" })
		if !slices.ContainsFunc(paths, func(p string) bool { return !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "~/") }) {
			readings = append(readings, paths)
		}
	}
	return readings
}

// there tells whether all of these are files or folders.
func there(paths []string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool {
		info, err := os.Stat(home(path))
		return err != nil || !info.Mode().IsRegular() && !info.IsDir()
	})
}

// pasteOrDrop pastes into the field with the focus, unless it may be files that were dropped: then it is looked whether
// they are there.
func (c *Composer) pasteOrDrop(text string) tea.Cmd {
	readings, into := droppedPaths(text), c.focus
	if len(readings) == 0 {
		return c.paste(text, into)
	}
	return load(c, func(context.Context) (pasted, error) {
		for _, paths := range readings {
			if there(paths) {
				return pasted{paths, text, into}, nil
			}
		}
		return pasted{nil, text, into}, nil
	})
}

// drop asks what is meant with the paths of files that were pasted.
func (c *Composer) drop(p pasted) tea.Cmd {
	title, attach, detail, path := "A file was dropped here", "Attach it", "", "Paste the path as text"
	switch n := len(p.paths); {
	case n == 0:
		return c.paste(p.text, p.into)
	case n == 1:
		detail = mail.Line(filepath.Base(p.paths[0]))
	default:
		title, attach, path = fmt.Sprintf("%d files were dropped here", n), "Attach them", "Paste the paths as text"
	}
	items := []dialog.Item{{Key: true, Text: attach, Detail: detail}, {Key: false, Text: path}}
	return c.env.Root.Push(dialog.Pick(c.env, title, items, func(it dialog.Item) tea.Cmd {
		if it.Key.(bool) {
			return c.attachPaths(p.paths...)
		}
		return c.paste(p.text, p.into)
	}))
}
