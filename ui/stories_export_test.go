package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExporting(t *testing.T) {
	onEveryServer(t, []told{
		{"one message is exported as it came, several as mbox", oneMessageIsExportedAsItCameSeveralAsMbox},
		{"an export waits for the network and can be stopped", anExportWaitsForTheNetworkAndCanBeStopped},
	})
}

// exported reads a file that is to hold all of these.
func (r *rig) exported(name string, want ...string) string {
	r.t.Helper()
	raw, err := os.ReadFile(filepath.Join(r.config.Downloads, name))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(string(raw), w) {
			r.t.Errorf("%s does not hold %q:\n%s", name, w, raw)
		}
	}
	return string(raw)
}

func oneMessageIsExportedAsItCameSeveralAsMbox(r *rig) {
	r.inbox("home", "First", "Second", "Third")
	r.start()
	r.Press("E", "enter")
	r.UntilSeen("Exported the message to")
	if got := r.exported("Third.eml", "Subject: Third\r\n", "this is the text of Third"); strings.HasPrefix(got, "From ") {
		r.t.Errorf("a single message begins with %q", got[:20])
	}
	r.Press("* a", "E")
	r.Sees("Export 3 messages to the file", "All inboxes.mbox")
	r.Press("enter")
	r.UntilSeen("Exported 3 messages to")
	got := r.exported("All inboxes.mbox", "\n\nFrom ", "Subject: First\n", "Subject: Second\n", "Subject: Third\n")
	if n := strings.Count("\n"+got, "\nFrom "); n != 3 || strings.Contains(got, "\r") {
		r.t.Errorf("%d messages in the mailbox file:\n%s", n, got)
	}
	r.Press("E", "enter") // never over what is there
	r.UntilSeen("All inboxes (2).mbox")
}

func anExportWaitsForTheNetworkAndCanBeStopped(r *rig) {
	r.inbox("home", "First", "Second")
	r.start()
	r.fault.Down(true)
	r.Press("* a", "E", "enter")
	r.Sees("Exporting 0 of 2 messages")
	r.Press("E")
	r.Sees("throw away what is written so far?")
	r.Press("y")
	r.SeesNot("Exporting")
	if left, _ := os.ReadDir(r.config.Downloads); len(left) != 0 {
		r.t.Errorf("left behind: %v", left)
	}
	r.Press("E", "enter")
	r.Sees("Exporting 0 of 2 messages")
	r.fault.Down(false)
	r.Press("ctrl+r")
	r.UntilSeen("Exported 2 messages to")
	r.exported("All inboxes.mbox", "text of First", "text of Second")
}
