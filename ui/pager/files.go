package pager

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/external"
	"posthorn/ui/folder"
	"posthorn/ui/screen"
	"posthorn/ui/sheet"
	"posthorn/ui/widget"
	"posthorn/ui/width"
)

// Files is the dialog that lists a message's attachments, to open and to save them.
type Files struct {
	contents
	list      []*mail.Part
	at, first int
}

// showFiles opens the dialog.
func (p *Pager) showFiles() tea.Cmd {
	if p.page == nil || len(p.page.attachments()) == 0 {
		p.env.Root.Say("There are no attachments.")
		return nil
	}
	f := &Files{list: p.page.attachments()}
	f.contents = contents{p.env, p.key, f}
	return p.env.Root.Push(f)
}

// Size is the box the list wants.
func (f *Files) Size(w, h int) (int, int) { return min(72, w), min(len(f.list)+2, 18, h) }

// Scopes are the dialog's own keys; it takes no text.
func (f *Files) Scopes() []action.Scope { return []action.Scope{action.Files} }

// Update takes what became of an attachment.
func (f *Files) Update(msg tea.Msg) tea.Cmd {
	if r, ok := msg.(screen.Result); ok {
		if next, ok := r.Value.(outcome); ok {
			return next()
		}
	}
	return nil
}

// Do moves, opens and saves.
func (f *Files) Do(a action.Action) (tea.Cmd, bool) {
	n := len(f.list)
	switch a {
	case action.Down:
		f.at = (f.at + 1) % n
	case action.Up:
		f.at = (f.at + n - 1) % n
	case action.Open:
		return f.open(f.list[f.at]), true
	case action.Save:
		return f.saveAs(f.list[f.at]), true
	case action.View:
		return f.view(f.list[f.at]), true
	case action.Pipe:
		return f.pipe(f.list[f.at]), true
	case action.SaveAll:
		return f.save(fmt.Sprintf("Save all %d in", n), f.list), true
	case action.Back:
		return f.env.Root.Pop(f), true
	default:
		return nil, false
	}
	return nil, true
}

// Draw is the list in its frame.
func (f *Files) Draw(area screen.Rect) screen.Frame {
	inner := max(0, area.H-2)
	f.first = widget.Scroll(f.first, f.at, len(f.list), max(1, inner))
	var lines []string
	for i := f.first; i < len(f.list) && len(lines) < inner; i++ {
		part := f.list[i]
		detail := widget.Size(size(part))
		if area.W >= 50 {
			detail = fmt.Sprintf("%s  %8s", kindOf(part), detail)
		}
		lines = append(lines, widget.Row(f.env.Theme, folder.Name(part), detail, nil, max(0, area.W-2), i == f.at))
	}
	for len(lines) < inner {
		lines = append(lines, "")
	}
	title := "1 attachment"
	if n := len(f.list); n > 1 {
		title = fmt.Sprintf("%d attachments", n)
	}
	out := widget.Box(f.env.Theme, title, "", lines, area.W)
	return screen.Frame{Lines: out[:min(len(out), area.H)]}
}

// kinds are what people call files with these extensions.
var kinds = map[string]string{
	"pdf": "pdf", "zip": "archive", "gz": "archive", "tgz": "archive", "tar": "archive", "7z": "archive", "rar": "archive", "csv": "table", "tsv": "table",
	"ics": "calendar", "vcf": "contact", "doc": "document", "docx": "document", "odt": "document", "rtf": "document", "xls": "spreadsheet", "xlsx": "spreadsheet",
	"ods": "spreadsheet", "ppt": "slides", "pptx": "slides", "odp": "slides", "patch": "patch", "diff": "patch", "html": "web page", "htm": "web page", "eml": "message",
	"x-zip-compressed": "archive", "x-gzip": "archive", "gzip": "archive", "msword": "document",
	"calendar": "calendar", "x-patch": "patch", "x-diff": "patch",
}

// kindOf is what a file is, as people say it: by its name, since that is what decides how it is opened, else by what the
// sender calls it.
func kindOf(p *mail.Part) string {
	name := folder.Name(p)
	major, minor, _ := strings.Cut(p.MediaType, "/")
	_, ext, _ := strings.Cut(path.Ext(strings.ToLower(name)), ".")
	switch {
	case folder.Program(name):
		return "program"
	case p.Message():
		return "message"
	case kinds[ext] != "":
		return kinds[ext]
	case major == "image" || major == "audio" || major == "video":
		return major
	case kinds[minor] != "":
		return kinds[minor]
	case major == "text":
		return "text"
	}
	return "file"
}

// Offers leaves out what makes no sense for one file.
func (f *Files) Offers(a action.Action) bool { return a != action.SaveAll || len(f.list) > 1 }

func (f *Files) saveAs(part *mail.Part) tea.Cmd {
	return f.save("Save "+folder.Name(part)+" in", []*mail.Part{part})
}

// save asks for the folder, beginning with the one that was saved in last, and saves there.
func (f *Files) save(title string, parts []*mail.Part) tea.Cmd {
	return f.run(func(ctx context.Context) outcome {
		last, err := f.env.Store.Choice(ctx, folder.Last)
		if last == "" || err != nil {
			last = folder.Shortened(f.env.Config.Downloads)
		}
		return func() tea.Cmd {
			p := dialog.Prompt(f.env, title, strings.TrimRight(last, "/")+"/", folder.Complete, func(dir string) tea.Cmd { return f.saveIn(dir, parts) }).Path()
			return tea.Batch(f.env.Root.Push(p), p.Suggest())
		}
	})
}

func (f *Files) saveIn(dir string, parts []*mail.Part) tea.Cmd {
	return f.with(parts, func(contents [][]byte) tea.Cmd {
		return f.run(func(ctx context.Context) outcome {
			saved, err := folder.SaveAll(folder.Expanded(dir), parts, contents)
			if err == nil {
				err = f.env.Engine.Choose(ctx, folder.Last, dir)
			}
			return func() tea.Cmd { return f.saved(saved, dir, err) }
		})
	})
}

func (f *Files) saved(names []string, dir string, err error) tea.Cmd {
	switch {
	case err != nil:
		f.env.Root.Fail("save", err)
	case len(names) == 1:
		f.env.Root.Say("Saved " + names[0] + " in " + dir + ".")
	default:
		f.env.Root.Say(fmt.Sprintf("Saved %d files in %s.", len(names), dir))
	}
	return nil
}

// mostViewed bounds how much of a text is shown inside the reader.
const mostViewed = 1 << 20

// view shows an attachment inside the reader.
func (f *Files) view(part *mail.Part) tea.Cmd {
	if !body.Viewable(*part) {
		f.env.Root.Say(folder.Name(part) + " cannot be shown here: open or save it.")
		return nil
	}
	return f.with([]*mail.Part{part}, func(found [][]byte) tea.Cmd {
		decoded, data := *part, found[0]
		decoded.Encoding = ""
		if strings.HasPrefix(part.MediaType, "text/") && len(data) > mostViewed {
			data = data[:mostViewed]
			f.env.Root.Say("Only its beginning is shown: save it to see all.")
		}
		if _, ok := body.View(decoded, data, body.Options{Zone: f.env.Now().Location()}); !ok {
			f.env.Root.Say(folder.Name(part) + " is no text: open or save it.")
			return nil
		}
		return f.env.Root.Push(sheet.New(f.env, folder.Name(part), func(w int) [][]widget.Styled {
			st, opt := newStyles(f.env), body.Options{Width: textWidth(w), Measure: width.Of, Zone: f.env.Now().Location()}
			doc, _ := body.View(decoded, data, opt)
			out := [][]widget.Styled{nil}
			for _, l := range doc.Lines {
				for _, pieces := range st.bodyLine(l, doc.Links, opt) {
					out = append(out, st.line(pieces))
				}
			}
			return out
		}))
	})
}

// open writes an attachment into a folder of its own and opens it. A script is opened after a question only; what acts
// at once, or lies about what it is, never: there the question is whether to save it.
func (f *Files) open(part *mail.Part) tea.Cmd { return f.openIt(part, false) }

func (f *Files) openIt(part *mail.Part, asked bool) tea.Cmd {
	return f.with([]*mail.Part{part}, func(contents [][]byte) tea.Cmd {
		return f.run(func(context.Context) outcome {
			path, err := folder.View(part, contents[0], asked)
			var refused *folder.Refusal
			switch {
			case errors.As(err, &refused) && refused.Asks:
				return func() tea.Cmd { return f.askFirst(part, refused) }
			case errors.As(err, &refused):
				return func() tea.Cmd { return f.saveInstead(part, refused) }
			case err != nil:
				return func() tea.Cmd { f.env.Root.Fail("open", err); return nil }
			}
			return func() tea.Cmd {
				f.env.Root.Say("Opening " + folder.Name(part) + " …")
				return f.opened(external.OpenFile(f.env, path))
			}
		})
	})
}

// askFirst lets the person choose what becomes of a file that could act. What a hasty Enter takes is nothing.
func (f *Files) askFirst(part *mail.Part, r *folder.Refusal) tea.Cmd {
	const leave, save, open = 0, 1, 2
	items := []dialog.Item{
		{Key: leave, Text: "Leave it"},
		{Key: save, Text: "Save it", Detail: "it is not run"},
		{Key: open, Text: "Open it", Detail: "it could do what you can do here"},
	}
	return f.env.Root.Push(dialog.Pick(f.env, width.Middle(r.Name, 20)+" "+r.Why, items, func(it dialog.Item) tea.Cmd {
		switch it.Key {
		case save:
			return f.saveAs(part)
		case open:
			return f.openIt(part, true)
		}
		return nil
	}))
}

func (f *Files) saveInstead(part *mail.Part, r *folder.Refusal) tea.Cmd {
	question := r.Name + " " + r.Why + ".\n\nOpened, it could do whatever you can do on this machine, so posthorn does not open it. Save it instead?"
	return f.env.Root.Push(dialog.Confirm(f.env, question, func() tea.Cmd { return f.saveAs(part) }))
}

func (f *Files) opened(cmd tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		if o, ok := cmd().(external.Opened); ok && o.Err != nil {
			return screen.Result{To: f, Value: outcome(func() tea.Cmd { f.env.Root.Fail(o.Op, o.Err); return nil })}
		}
		return nil
	}
}
