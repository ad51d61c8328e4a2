package engine

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
	"posthorn/mail/mailtest"
)

// statusOf makes the server answer STATUS of one mailbox so; the other commands pass.
func statusOf(mailbox, answer string) func(string, string) string {
	return func(name, line string) string {
		if name == "STATUS" && strings.Contains(line, mailbox) {
			return answer
		}
		return ""
	}
}

func TestAMailboxWhoseStatusIsNotToldStays(t *testing.T) {
	for name, answer := range map[string]string{
		"refused": "$ NO [NOPERM] Not yours\r\n", "not known": "$ BAD What is that?\r\n", "says nothing": "$ OK Done\r\n",
		"of another one": "* STATUS Trash (MESSAGES 0)\r\n$ OK Done\r\n", "of the wrong kind": "* STATUS Full (MESSAGES NIL UIDNEXT 2)\r\n$ OK Done\r\n",
		"without a count": "* STATUS Full (UIDNEXT 2 UNSEEN 0)\r\n$ OK Done\r\n", "far too many": "* STATUS Full (MESSAGES 18446744073709551616)\r\n$ OK Done\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := odd(t, &mailtest.Odd{Command: statusOf("Full", answer)})
			r.user.Create("Full", mail.NoRole)
			r.user.Append("Full", message("precious", "x"), time.Time{})
			r.start()
			r.errand(cache.DeleteMailbox, "Full", "", 1)
			r.calm()
			if got := r.onServer("Full"); got != "precious" || !r.said("The deletion of Full was undone here") || !r.said("nothing was deleted") {
				t.Errorf("on the server: %q, log %+v", got, r.e.Log())
			}
			if got := r.subjects("Full"); got != "precious" {
				t.Errorf("shown: %q", got)
			}
			r.errand(cache.CreateMailbox, "", "Full/Fresh", 0)
			r.calm()
			r.undo()
			r.calm()
			if got := r.names(); !strings.Contains(got, "Full/Fresh") {
				t.Errorf("a creation was undone without looking what is in there: %s", got)
			}
		})
	}
}

func TestADeletionWaitsForAStatusThatIsNotToldNow(t *testing.T) {
	var quiet atomic.Bool
	r := odd(t, &mailtest.Odd{Command: func(name, line string) string {
		if quiet.Load() {
			return ""
		}
		return statusOf("Full", "$ NO [INUSE] Somebody is at it\r\n")(name, line)
	}})
	r.user.Create("Full", mail.NoRole)
	r.user.Append("Full", message("one", "x"), time.Time{})
	r.start()
	r.errand(cache.DeleteMailbox, "Full", "", 1)
	r.settle()
	waiting := r.wishes()
	if len(waiting) != 1 || !strings.Contains(waiting[0].LastError, "Somebody is at it") || r.times("DELETE") > 0 || r.onServer("Full") != "one" {
		t.Errorf("waiting: %+v, commands %v", waiting, r.fault.Commands())
	}
	quiet.Store(true)
	r.pass(10 * time.Minute)
	r.calm()
	if got := r.names(); strings.Contains(got, "Full") {
		t.Errorf("on the server: %s", got)
	}
}

func TestAMailboxThatHoldsNoMessagesIsDeletedWithoutItsStatus(t *testing.T) {
	r := odd(t, &mailtest.Odd{Command: statusOf("Parent", "$ NO It holds no messages\r\n"), Response: func(name, said string) string {
		if strings.Contains(said, "STATUS Parent") {
			return ""
		}
		if strings.HasPrefix(said, "* LIST (") && strings.Contains(said, `"Parent"`) {
			return strings.Replace(said, "* LIST (", `* LIST (\Noselect `, 1)
		}
		return said
	}})
	r.user.Create("Parent", mail.NoRole)
	r.start()
	if got := r.shownNames(); !strings.Contains(got, "Parent-") {
		t.Fatalf("shown: %s", got)
	}
	r.errand(cache.DeleteMailbox, "Parent", "", 0)
	r.calm()
	if got := r.names(); strings.Contains(got, "Parent") {
		t.Errorf("on the server: %s, log %+v", got, r.e.Log())
	}
}

func TestADeletionThatIsTriedAgainCountsAgain(t *testing.T) {
	r := odd(t, nil)
	lost := false
	r.odd = &mailtest.Odd{Command: func(name, _ string) string {
		if name != "DELETE" || lost {
			return ""
		}
		lost = true
		r.user.Append("Full", message("two", "x"), time.Time{})
		return mailtest.HangUp
	}}
	r.user.Create("Full", mail.NoRole)
	r.user.Append("Full", message("one", "x"), time.Time{})
	r.start()
	r.errand(cache.DeleteMailbox, "Full", "", 1)
	r.calm()
	if got := r.onServer("Full"); got != "one two" || !r.said("2 instead of 1: nothing was deleted") {
		t.Errorf("on the server: %q, log %+v", got, r.e.Log())
	}
}

func TestAsManyButOtherMessagesAreNotDeleted(t *testing.T) {
	for name, elsewhere := range map[string]func(r *rig){
		"one went, another came": func(r *rig) {
			r.user.Expunge("Full", r.user.Messages("Full")[0].UID)
			r.user.Append("Full", message("other", "x"), time.Time{})
		},
		"another mailbox of that name": func(r *rig) {
			r.user.Delete("Full")
			r.user.Create("Full", mail.NoRole)
			r.user.Append("Full", message("other", "x"), time.Time{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.user.Create("Full", mail.NoRole)
			r.user.Append("Full", message("one", "x"), time.Time{})
			r.offlineThen(func() {
				r.errand(cache.DeleteMailbox, "Full", "", 1)
				elsewhere(r)
			})
			if got := r.onServer("Full"); got != "other" || !r.said("other messages now") || r.subjects("Full") != "other" {
				t.Errorf("on the server: %q, shown: %q, log %+v", got, r.subjects("Full"), r.e.Log())
			}
			r.errand(cache.DeleteMailbox, "Full", "", 1)
			r.calm()
			if got := r.names(); strings.Contains(got, "Full") {
				t.Errorf("on the server: %s", got)
			}
		})
	}
}

func TestWhatThePersonPutIntoAMailboxGoesWithIt(t *testing.T) {
	r := newRig(t)
	r.grace = time.Hour
	r.user.Create("Full", mail.NoRole)
	r.deliver("INBOX", 1, 3)
	r.start()
	m := r.list("INBOX")
	r.do("moved", mail.Targeted{Message: m[0].Key, Change: mail.Move{To: r.mailbox("Full").Key}})
	r.settle()
	r.do("moved", mail.Targeted{Message: m[1].Key, Change: mail.Move{To: r.mailbox("Full").Key}},
		mail.Targeted{Message: m[2].Key, Change: mail.Move{To: r.mailbox("Full").Key}})
	r.errand(cache.DeleteMailbox, "Full", "", 3)
	r.settle()
	r.pass(2 * time.Hour)
	r.calm()
	if got := r.names(); strings.Contains(got, "Full") {
		t.Errorf("on the server: %s, log %+v", got, r.e.Log())
	}
}
