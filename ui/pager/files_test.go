package pager

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"posthorn/mail"
	"posthorn/ui/action"
	"posthorn/ui/folder"
	"posthorn/ui/uitest"
)

func TestAttachmentsAreFetchedWhenTheyAreSaved(t *testing.T) {
	f := newFixture(t, letter)
	f.env.Config.Downloads = t.TempDir()
	p := f.open(80)
	uitest.Do(p, action.Attachments)
	files := f.root.Top()
	if got := text(files, 72, 6); !strings.Contains(got, "menu.pdf") || !strings.Contains(got, "table.png") {
		t.Errorf("the list:\n%s", got)
	}
	uitest.Do(files, action.SaveAll)
	uitest.Do(f.root.Top(), action.Accept)
	if got := text(f.root.Top(), 60, 6); !strings.Contains(got, "Fetching menu.pdf, table.png") {
		t.Errorf("while they come:\n%s", got)
	}
	if last := f.eng.Opened[len(f.eng.Opened)-1]; !slices.Equal(last.Sections, []string{"2", "3"}) {
		t.Errorf("asked for %v", last)
	}
	f.mail.Fetch(f.key, f.raw, "2", "3")
	uitest.Run(f.root.Top().Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if len(f.root.Failed) > 0 || len(f.root.Said) != 1 || !strings.Contains(f.root.Said[0], "Saved 2 files") {
		t.Errorf("said %q, failed %v", f.root.Said, f.root.Failed)
	}
	got, err := os.ReadFile(filepath.Join(f.env.Config.Downloads, "table.png"))
	if err != nil || !strings.HasPrefix(string(got), "\x89PNG") {
		t.Errorf("table.png holds %q, %v", got, err)
	}
	if f.root.Top() != files {
		t.Error("the list of attachments is gone")
	}
	if want := []string{"folder: " + f.env.Config.Downloads + "/"}; !slices.Equal(f.eng.Chosen, want) {
		t.Errorf("remembered %q, want %q", f.eng.Chosen, want)
	}
	if err := f.mail.Choose(t.Context(), folder.Last, "/elsewhere/"); err != nil {
		t.Fatal(err)
	}
	uitest.Do(files, action.Save)
	if got := text(f.root.Top(), 60, 14); !strings.Contains(got, "/elsewhere/") {
		t.Errorf("the folder is not remembered:\n%s", got)
	}
}

func TestWaitingForAnAttachmentCanBeGivenUp(t *testing.T) {
	f := newFixture(t, letter)
	p := f.open(80)
	uitest.Do(p, action.Attachments)
	files := f.root.Top()
	uitest.Do(files, action.Open)
	wait := f.root.Top()
	f.eng.Problems = map[mail.MessageKey]string{f.key: "no such part"}
	uitest.Run(wait.Update(mail.Event{Kind: mail.PartReady, Message: f.key}))
	if got := text(wait, 60, 6); !strings.Contains(got, "no such part") {
		t.Errorf("the reason:\n%s", got)
	}
	uitest.Do(wait, action.Back)
	if f.root.Top() != files {
		t.Error("still waiting")
	}
	if len(f.eng.Left) != 1 || !slices.Equal(f.eng.Left[0].Sections, []string{"2"}) {
		t.Errorf("left %v: the rest of the attachment is fetched for nobody", f.eng.Left)
	}
}

const acting = `From: Mira Okafor <mira@harbour.example>
To: anna@example.org
Subject: Your menu
Message-ID: <acting@harbour.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: application/pdf; name=menu.pdf.desktop
Content-Disposition: attachment; filename=menu.pdf.desktop

[Desktop Entry]
Exec=touch CNRY-run
--b
Content-Type: application/pdf; name=menu.pdf
Content-Disposition: attachment; filename=menu.pdf

<html><script>alert(1)</script>
--b--
`

// What acts is never opened, not even when the person says yes: yes saves it.
func TestProgramsAndLiesAreSavedInsteadOfOpened(t *testing.T) {
	for i, says := range []string{"menu.pdf.desktop is a program", "menu.pdf is not what its name says"} {
		f := newFixture(t, acting)
		ran := filepath.Join(t.TempDir(), "ran")
		f.env.Config.Opener, f.env.Config.Downloads = []string{"touch", ran}, t.TempDir()
		f.mail.Fetch(f.key, f.raw, "1", "2")
		uitest.Do(f.open(80), action.Attachments)
		files := f.root.Top()
		for range i {
			uitest.Do(files, action.Down)
		}
		uitest.Do(files, action.Open)
		ask := f.root.Top()
		if got := text(ask, 64, 12); !strings.Contains(got, says) || !strings.Contains(got, "Save it instead?") {
			t.Fatalf("asks\n%s", got)
		}
		uitest.Do(ask, action.Yes)
		uitest.Do(f.root.Top(), action.Accept)
		saved, _ := os.ReadDir(f.env.Config.Downloads)
		if _, err := os.Stat(ran); err == nil || len(saved) != 1 || len(f.root.Failed) > 0 {
			t.Errorf("opened: %v, saved %v, failed %v", err == nil, saved, f.root.Failed)
		}
	}
}

const script = `From: Mira Okafor <mira@harbour.example>
To: anna@example.org
Subject: Your menu
Message-ID: <script@harbour.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; name=install.sh
Content-Disposition: attachment; filename=install.sh

touch CNRY-run
--b--
`

// A script is opened once the person has chosen so; a hasty Enter leaves it, and it never has the right to be run.
func TestAScriptIsOpenedAfterAQuestionOnly(t *testing.T) {
	for _, c := range []struct {
		keys          []action.Action
		opened, saved bool
	}{
		{[]action.Action{action.Accept}, false, false},
		{[]action.Action{action.Cancel}, false, false},
		{[]action.Action{action.Down, action.Accept, action.Accept}, false, true},
		{[]action.Action{action.Down, action.Down, action.Accept}, true, false},
	} {
		f := newFixture(t, script)
		at := t.TempDir()
		f.env.Config.Opener, f.env.Config.Downloads = []string{"cp", "-p", "-t", at}, t.TempDir()
		f.mail.Fetch(f.key, f.raw, "1")
		uitest.Do(f.open(80), action.Attachments)
		uitest.Do(f.root.Top(), action.Open)
		ask := text(f.root.Top(), 64, 12)
		for _, want := range []string{"install.sh is a script", "Leave it", "Save it", "Open it", "it could do what you can do here"} {
			if !strings.Contains(ask, want) {
				t.Errorf("%q is not in\n%s", want, ask)
			}
		}
		for _, k := range c.keys {
			uitest.Do(f.root.Top(), k)
		}
		info, err := os.Stat(filepath.Join(at, "install.sh"))
		saved, _ := os.ReadDir(f.env.Config.Downloads)
		if (err == nil) != c.opened || (len(saved) == 1) != c.saved || len(f.root.Failed) > 0 {
			t.Errorf("%v: opened %v, saved %v, failed %v", c.keys, err == nil, saved, f.root.Failed)
		}
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("it was handed over as %v", info.Mode())
		}
	}
}

func TestKindsAreWhatPeopleCallThem(t *testing.T) {
	for _, c := range [][3]string{
		{"application/octet-stream", "a.PDF", "pdf"}, {"application/ics", "invite.ics", "calendar"}, {"application/pdf", "menu.pdf.desktop", "program"},
		{"image/png", "setup.exe", "program"}, {"image/png", "a.png", "image"}, {"message/rfc822", "", "message"}, {"text/calendar", "", "calendar"},
		{"text/plain", "notes", "text"}, {"x\x1b[31m/y", "z", "file"}, {"application/zip", "a", "archive"},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx", "document"},
	} {
		part, want := mail.Part{MediaType: c[0], Filename: c[1]}, c[2]
		if got := kindOf(&part); got != want {
			t.Errorf("%s %s is a %s, want %s", part.MediaType, part.Filename, got, want)
		}
	}
}

func TestAnAttachmentIsPipedDecoded(t *testing.T) {
	f := newFixture(t, enclosing)
	f.mail.Fetch(f.key, f.raw, "2")
	uitest.Do(f.open(80), action.Attachments)
	uitest.Do(f.root.Top(), action.Pipe)
	uitest.Type(f.root.Top(), "tr a-z A-Z")
	uitest.Do(f.root.Top(), action.Accept)
	if got := text(f.root.Top(), 60, 10); !strings.Contains(got, "ANNA,BOW") || len(f.root.Failed) > 0 {
		t.Errorf("failed %v:\n%s", f.root.Failed, got)
	}
}

func TestTheOtherFilesAreCountedBesideALongName(t *testing.T) {
	file := func(name string) string {
		return "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"" + name + "\"\n\nx\n"
	}
	f := newFixture(t, "From: a@example.org\nSubject: files\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello.\n"+
		file("the-specification-of-the-third-quay.pdf")+file("b.pdf")+file("c.pdf")+"--b--\n")
	for _, w := range []int{40, 48, 60} {
		sees(t, f.open(w), w, 24, []string{"the-spe", "and 2 more"})
	}
}
