package composer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/cache/engine"
	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/widget"
)

// files are attachments that were found by a path.
type files []compose.Attachment

// askForFile asks what to attach, beginning in the folder of the last file.
func (c *Composer) askForFile() tea.Cmd {
	ask := func(from string) tea.Cmd {
		p := dialog.Prompt(c.env, "Attach a file, several with *, or a folder", from, paths, c.attachPath).Browsing(c.list)
		return tea.Batch(c.env.Root.Push(p), p.Suggest())
	}
	for _, a := range slices.Backward(c.draft.Attachments) {
		if a.Path != "" {
			return ask(filepath.Dir(a.Path) + "/")
		}
	}
	return ask("~/")
}

// attachPath attaches what a path names: files at once, a folder as an archive after a question.
func (c *Composer) attachPath(path string) tea.Cmd {
	return load(c, func(context.Context) (files, error) {
		if info, err := os.Stat(home(path)); err == nil && info.IsDir() {
			a, n, err := compose.AttachFolder(path)
			if err != nil {
				return nil, err
			}
			return nil, &packed{a, n}
		}
		return find(path)
	})
}

// packed is the question whether a folder is to go along.
type packed struct {
	attachment compose.Attachment
	files      int
}

func (f *packed) Error() string {
	return fmt.Sprintf("Attach the folder as %s?\n%d files, %s before they are packed.", mail.Line(f.attachment.Name), f.files, widget.Size(f.attachment.Size))
}

// find looks at the files that a path names: one, or all that match where it has * or ? and names none by itself.
func find(path string) (files, error) {
	one, err := compose.Attach(path)
	if err == nil || !strings.ContainsAny(path, "*?[") {
		return files{one}, err
	}
	matches, bad := filepath.Glob(home(path))
	if bad != nil || len(matches) == 0 {
		return nil, fmt.Errorf("attach %q: there is no such file, and none that matches", path)
	}
	var out files
	for _, m := range matches {
		if info, err := os.Stat(m); err != nil || info.IsDir() {
			continue
		}
		a, err := compose.Attach(m)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, errors.New("only folders match: name the files in them")
	}
	return out, nil
}

// home is path with ~/ written out.
func home(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	dir, err := os.UserHomeDir()
	if !ok || err != nil {
		return path
	}
	if rest == "" || strings.HasSuffix(rest, "/") {
		return filepath.Join(dir, rest) + "/"
	}
	return filepath.Join(dir, rest)
}

// manyPaths bounds the completions of a path.
const manyPaths = 500

// paths lists what a path could become: folders end in a slash. Hidden files come when the dot is typed.
func paths(typed string) []string {
	folder, base := typed[:strings.LastIndexByte(typed, '/')+1], typed[strings.LastIndexByte(typed, '/')+1:]
	where := home(folder)
	if folder == "" {
		where = "."
	}
	dir, err := os.Open(where)
	if err != nil {
		return nil
	}
	defer dir.Close()
	entries, _ := dir.ReadDir(20 * manyPaths)
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(strings.ToLower(name), strings.ToLower(base)) || strings.HasPrefix(name, ".") && base == "" {
			continue
		}
		if mail.Text(name) != name || strings.ContainsAny(name, "\n\t") {
			continue // could not be typed or shown as it is
		}
		if info, err := os.Stat(filepath.Join(where, name)); err == nil && info.IsDir() {
			name += "/"
		}
		out = append(out, folder+name)
	}
	slices.Sort(out)
	return out[:min(len(out), manyPaths)]
}

// attach adds files to the draft, each once.
func (c *Composer) attach(found files, err error) tea.Cmd {
	var question *packed
	if errors.As(err, &question) {
		return c.env.Root.Push(dialog.Confirm(c.env, question.Error(), func() tea.Cmd { return c.attach(files{question.attachment}, nil) }))
	}
	if err != nil {
		c.env.Root.Say(sentence(err))
		return nil
	}
	added := 0
	for _, a := range found {
		same := func(b compose.Attachment) bool { return a.Path != "" && a.Path == b.Path }
		if !slices.ContainsFunc(c.draft.Attachments, same) {
			c.draft.Attachments = append(c.draft.Attachments, a)
			added++
		}
	}
	size := c.written().Size()
	switch {
	case added == 0:
		c.env.Root.Say("That is attached already.")
		return nil
	case c.limit > 0 && size > int64(c.limit):
		c.env.Root.Say(fmt.Sprintf("With that the message has about %s, and the server takes %s at most: %s removes a file.",
			widget.Size(size), widget.Size(int64(c.limit)), c.env.Keys.Key(action.Composer, action.Detach)))
	case added == 1:
		c.env.Root.Say("Attached " + label(c.draft.Attachments[len(c.draft.Attachments)-1]) + ".")
	default:
		c.env.Root.Say(fmt.Sprintf("Attached %d files.", added))
	}
	return c.changed()
}

// sentence is an error for the status line.
func sentence(err error) string { return widget.Sentence(mail.Line(err.Error())) }

func label(a compose.Attachment) string {
	return mail.Line(a.Name) + " (" + widget.Size(a.Size) + ")"
}

// detach removes the attachment, or asks which.
func (c *Composer) detach() tea.Cmd {
	list := c.draft.Attachments
	switch len(list) {
	case 0:
		c.env.Root.Say("Nothing is attached.")
		return nil
	case 1:
		return c.removeAt(0)
	}
	items := make([]dialog.Item, len(list))
	for i, a := range list {
		items[i] = dialog.Item{Key: i, Text: a.Name, Detail: widget.Size(a.Size)}
	}
	return c.env.Root.Push(dialog.Pick(c.env, "Remove which attachment?", items, func(it dialog.Item) tea.Cmd { return c.removeAt(it.Key.(int)) }))
}

func (c *Composer) removeAt(i int) tea.Cmd {
	if i >= len(c.draft.Attachments) {
		return nil
	}
	c.env.Root.Say("Removed " + label(c.draft.Attachments[i]) + ".")
	c.draft.Attachments = slices.Delete(slices.Clone(c.draft.Attachments), i, i+1)
	return c.changed()
}

// toggleCarried forwards without the files of the original, or with them again.
func (c *Composer) toggleCarried() tea.Cmd {
	d := c.written()
	n, along := d.ToggleCarried()
	which, all := "The file of the original", "goes"
	if n != 1 {
		which, all = fmt.Sprintf("The %d files of the original", n), "go"
	}
	switch {
	case n == 0:
		c.env.Root.Say("No files came with what is forwarded.")
		return nil
	case along:
		c.env.Root.Say(which + " " + all + " along.")
	default:
		c.env.Root.Say(fmt.Sprintf("%s %s not along: %s changes that again.", which, all, c.env.Keys.Key(action.Composer, action.Originals)))
	}
	c.draft.Attachments, c.draft.Left = d.Attachments, d.Left
	return c.changed()
}

// toggleMarkdown lets the message go out as HTML, too, or only as text.
func (c *Composer) toggleMarkdown() tea.Cmd {
	if c.draft.Markdown = !c.draft.Markdown; c.draft.Markdown {
		c.env.Root.Say("It goes out as HTML, too: the text is Markdown, and ![](name) shows an attached picture there.")
	} else {
		c.env.Root.Say("It goes out as text only.")
	}
	return c.changed()
}

// pasted is what was pasted into the text: a path of a file that is there, or text.
type pasted struct{ path, text string }

// pastedPaths are what a terminal may mean that pastes the path of a file dropped on it: quoted, with escaped spaces, or as a
// file URL; none where it is text.
func pastedPaths(text string) []string {
	s := strings.TrimSpace(text)
	if len(s) > 1 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	if u, err := url.Parse(s); err == nil && u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") {
		s = u.Path
	}
	if !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "~/") || strings.ContainsAny(s, "\n\r\x00") || len(s) > 4096 {
		return nil
	}
	return []string{s, strings.ReplaceAll(s, `\ `, " ")}
}

// pasteOrDrop pastes into the text, unless it may be a file that was dropped: then it is looked whether there is one.
func (c *Composer) pasteOrDrop(text string) tea.Cmd {
	paths := pastedPaths(text)
	if len(paths) == 0 {
		c.text.Paste(text)
		return c.changed()
	}
	return load(c, func(context.Context) (pasted, error) {
		for _, path := range paths {
			if info, err := os.Stat(home(path)); err == nil && (info.Mode().IsRegular() || info.IsDir()) {
				return pasted{path, text}, nil
			}
		}
		return pasted{"", text}, nil
	})
}

// drop asks what is meant with the path of a file that was pasted into the text.
func (c *Composer) drop(p pasted) tea.Cmd {
	if p.path == "" {
		c.text.Paste(p.text)
		return c.changed()
	}
	items := []dialog.Item{{Key: true, Text: "Attach it", Detail: mail.Line(filepath.Base(p.path))}, {Key: false, Text: "Paste the path as text"}}
	return c.env.Root.Push(dialog.Pick(c.env, "A file was dropped here", items, func(it dialog.Item) tea.Cmd {
		if it.Key.(bool) {
			return c.attachPath(p.path)
		}
		c.text.Paste(p.text)
		return c.changed()
	}))
}

// limit is how large a message the server takes, in octets; 0: it is not known.
type limit int64

// askLimit looks what is known of the server that the message goes out through.
func (c *Composer) askLimit() tea.Cmd {
	if c.env.Store == nil {
		return nil
	}
	account := c.draft.Account
	return load(c, func(ctx context.Context) (limit, error) {
		value, err := c.env.Store.Choice(ctx, engine.LimitOf(account))
		n, _ := strconv.ParseInt(value, 10, 64) // nothing is known before the first message
		return limit(n), err
	})
}
