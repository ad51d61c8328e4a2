package pager

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"posthorn/ui/action"
	"posthorn/ui/uitest"
)

const enclosing = `From: Mira Okafor <mira@harbour.example>
To: anna@example.org
Subject: The list
Message-ID: <list@harbour.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Here is the file:

begin 644 boats.txt
%9F5R<GD
` + "`" + `
end

--b
Content-Type: text/csv; name=crew.csv
Content-Disposition: attachment; filename=crew.csv

name,seat
Anna,bow
Tomás,stroke
--b--
`

func TestAttachmentsAreShownInsideTheReader(t *testing.T) {
	f := newFixture(t, enclosing)
	f.mail.Fetch(f.key, f.raw, "2")
	p := f.open(80)
	uitest.Do(p, action.Attachments)
	files := f.root.Top()
	if got := text(files, 72, 6); !strings.Contains(got, "crew.csv") || !strings.Contains(got, "boats.txt") {
		t.Fatalf("the list:\n%s", got)
	}
	uitest.Do(files, action.View)
	if got := text(f.root.Top(), 60, 10); !strings.Contains(got, "Anna") || !strings.Contains(got, "seat") || strings.Contains(got, "Anna,bow") {
		t.Errorf("the table:\n%s", got)
	}
}

func TestAFileWrittenIntoTheTextIsSavedLikeAnyOther(t *testing.T) {
	f := newFixture(t, enclosing)
	f.env.Config.Downloads = t.TempDir()
	p := f.open(80)
	uitest.Do(p, action.Attachments)
	files := f.root.Top()
	uitest.Do(files, action.Down)
	uitest.Do(files, action.Save)
	uitest.Do(f.root.Top(), action.Accept)
	got, err := os.ReadFile(filepath.Join(f.env.Config.Downloads, "boats.txt"))
	if err != nil || string(got) != "ferry" {
		t.Errorf("saved %q, %v; failed %v", got, err, f.root.Failed)
	}
}
