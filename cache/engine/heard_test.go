package engine

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"posthorn/mail/mailtest"
)

// onScreen puts INBOX on the screen, and loses the network while mail comes there and another program makes a mailbox.
func (r realRig) onScreen(meanwhile func()) {
	r.t.Helper()
	r.e.Focus(r.mailbox("INBOX").Key)
	r.settle()
	r.fault.Down(true)
	r.until("offline", func() bool { return r.e.States()[0].Phase == Offline })
	r.put("INBOX", "3", "4")
	r.admin("create", "Elsewhere")
	meanwhile()
	r.fault.Down(false)
	r.e.Refresh("")
}

// news is what that brought.
func (r realRig) news() string {
	return fmt.Sprint(r.mailbox("INBOX").Total, " in INBOX, Elsewhere is there: ", strings.Contains(r.shownNames(), "Elsewhere"))
}

const allNews = "4 in INBOX, Elsewhere is there: true"

func TestTheListIsAskedForWhileTheDiskIsBusyWithNews(t *testing.T) {
	r := newRealUsers(t, 1).rig(t)
	var waits atomic.Bool
	listed := make(chan struct{})
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name == "LIST" && waits.CompareAndSwap(true, false) {
			close(listed)
		}
		return ""
	}}
	r.committed = func() {
		if !waits.Load() {
			return
		}
		select {
		case <-listed:
		case <-time.After(patience / 2):
			t.Error("the list is not asked for before news is stored")
			waits.Store(false)
		}
	}
	r.put("INBOX", "1", "2")
	r.start()
	r.onScreen(func() { waits.Store(true) })
	r.calm()
	if got := r.news(); got != allNews || waits.Load() {
		t.Error(got)
	}
}

func TestNewsAndTheListSurviveACutAtEveryCommand(t *testing.T) {
	onRealMailboxes(t, func(r realRig) { r.put("INBOX", "1", "2") }, func(r realRig) { r.onScreen(func() {}) }, func(r realRig) string { return r.news() })
}

// A list that is refused is asked for again, and takes nothing with it: neither the news before it nor the mailbox on screen.
func TestAListThatIsRefusedHidesNoNews(t *testing.T) {
	r := newRealUsers(t, 1).rig(t)
	var refuses atomic.Bool
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name == "LIST" && refuses.Load() {
			return "$ NO [UNAVAILABLE] try again\r\n"
		}
		return ""
	}}
	r.put("INBOX", "1", "2")
	r.start()
	r.onScreen(func() { refuses.Store(true) })
	r.until("the news is here and the list is not", func() bool {
		return r.news() == strings.Replace(allNews, "true", "false", 1) && r.e.States()[0].Phase == Offline
	})
	refuses.Store(false)
	r.e.Refresh("")
	r.calm()
	if got := r.news(); got != allNews {
		t.Error(got)
	}
}
