package composer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/ui/dialog"
	"posthorn/ui/folder"
	"posthorn/ui/widget"
)

// listing is what is in a folder: folders first, each by name.
type listing struct {
	dir     string // without a slash at its end, but for the root
	entries []entry
	cut     bool // there are more
}

type entry struct {
	name   string
	folder bool
	size   int64
	at     time.Time // of the last change
}

// manyEntries bounds what is listed of a folder.
const manyEntries = 5000

// list looks through the folder that a path is in.
func (c *Composer) list(path string) tea.Cmd {
	dir := path[:strings.LastIndexByte(path, '/')+1]
	if dir == "" {
		dir = "."
	}
	return load(c, func(context.Context) (listing, error) { return list(home(dir)) })
}

func list(dir string) (l listing, err error) {
	if l.dir, err = filepath.Abs(dir); err != nil {
		return l, err
	}
	f, err := os.Open(l.dir)
	if err != nil {
		return l, unreadable(err)
	}
	defer f.Close()
	found, err := f.ReadDir(manyEntries + 1)
	if err != nil && err != io.EOF {
		return l, unreadable(err)
	}
	l.cut = len(found) > manyEntries
	for _, e := range found[:min(len(found), manyEntries)] {
		info, err := os.Stat(filepath.Join(l.dir, e.Name())) // of what a link leads to
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue // gone, or a pipe, which would never end
		}
		l.entries = append(l.entries, entry{e.Name(), info.IsDir(), info.Size(), info.ModTime()})
	}
	slices.SortFunc(l.entries, func(a, b entry) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.name, b.name))
	})
	return l, nil
}

// unreadable says why a folder cannot be shown.
func unreadable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("the folder cannot be read: %w", err)
}

// rank puts folders before files, and what is hidden behind both.
func rank(e entry) (n int) {
	if strings.HasPrefix(e.name, ".") {
		n = 2
	}
	if !e.folder {
		n++
	}
	return n
}

// pickFile shows a folder: what is taken of it is attached, or shown in its place where it is a folder.
func (c *Composer) pickFile(l listing, err error) tea.Cmd {
	if err != nil {
		c.env.Root.Say(sentence(err))
		return nil
	}
	var items []dialog.Item
	if up := filepath.Dir(l.dir); up != l.dir {
		items = append(items, dialog.Item{Key: up + "/", Text: "..", Detail: "one folder up"})
	}
	for _, e := range l.entries {
		path := filepath.Join(l.dir, e.name)
		if e.folder {
			items = append(items, dialog.Item{Key: path + "/", Text: e.name + "/"})
			continue
		}
		items = append(items, dialog.Item{Key: path, Text: e.name, Detail: widget.Size(e.size) + " · " + e.at.In(c.env.Now().Location()).Format("_2 Jan 2006 15:04")})
	}
	if l.cut {
		c.env.Root.Say(fmt.Sprintf("The folder has more than %d files: name the others in the line that asks for a path.", manyEntries))
	}
	path := func(it dialog.Item) string { return it.Key.(string) }
	p := dialog.Pick(c.env, "Attach from "+mail.Line(folder.Shortened(l.dir)), items, func(it dialog.Item) tea.Cmd {
		if strings.HasSuffix(path(it), "/") {
			return c.list(path(it))
		}
		return c.attachPaths(path(it))
	}).(*dialog.Picker)
	return c.env.Root.Push(p.Several(func(it dialog.Item) bool { return it.Text != ".." }, func(marked []dialog.Item) tea.Cmd {
		all := make([]string, len(marked))
		for i, it := range marked {
			all[i] = strings.TrimSuffix(path(it), "/")
		}
		return c.attachPaths(all...)
	}))
}
