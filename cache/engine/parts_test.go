package engine

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/mailtest"
)

// described has the server describe every message by the given structure, and have none of the parts named in lacks.
func described(structure string, lacks ...string) *mailtest.Odd {
	return &mailtest.Odd{
		Command: func(name, line string) string {
			answer := ""
			for _, section := range lacks {
				if strings.Contains(line, "BODY.PEEK["+section+"]") {
					answer += " BODY[" + section + "] NIL"
				}
			}
			if name != "UID FETCH" || answer == "" {
				return ""
			}
			return "* 1 FETCH (UID 1" + answer + ")\r\n$ OK done\r\n"
		},
		Response: func(_, said string) string {
			before, after, ok := strings.Cut(said, "BODYSTRUCTURE (")
			if !ok {
				return said
			}
			depth := 1
			end := strings.IndexFunc(after, func(c rune) bool {
				switch c {
				case '(':
					depth++
				case ')':
					depth--
				}
				return depth == 0
			})
			return before + "BODYSTRUCTURE " + structure + after[end+1:]
		},
	}
}

const alternatives = `((("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" SIZE 3)("TEXT" "HTML" NIL NIL NIL "7BIT" SIZE 3) "ALTERNATIVE")("APPLICATION" "PDF" NIL NIL NIL "BASE64" 9) "MIXED")`

func structureOf(size string) string { return strings.ReplaceAll(alternatives, "SIZE", size) }

// asked are the sections and ranges of one message that the server was asked for so far.
func asked(o *mailtest.Odd) func() []string {
	var mu sync.Mutex
	var list []string
	under := o.Command
	o.Command = func(name, line string) string {
		if _, items, ok := strings.Cut(line, "BODY.PEEK["); ok && name == "UID FETCH" && !strings.HasPrefix(items, "HEADER") {
			mu.Lock()
			list = append(list, strings.TrimRight(items, ") \r\n"))
			mu.Unlock()
		}
		if under == nil {
			return ""
		}
		return under(name, line)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(list)
	}
}

func TestAMessageWhoseStructureLiesIsFetchedWholeAndReadHere(t *testing.T) {
	for name, c := range map[string]struct{ said, text string }{
		"small":                {"200", "Only this.\r\n"},
		"a message in ranges":  {"200", strings.Repeat("Only this, and all of it.\r\n", 20_000)},
		"a part of many bytes": {"900000", "Only this.\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			o := described(structureOf(c.said), "1.1", "1.2")
			list := asked(o)
			r := odd(t, o)
			r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: lies\r\n\r\n"+c.text), time.Time{})
			r.start()
			m := r.list("INBOX")[0]
			r.e.Open(m.Key)
			r.settle()
			d, err := r.store.Message(t.Context(), m.Key)
			if err != nil || d.Structure == nil || d.Structure.Section != "1" || d.Structure.MediaType != "text/plain" {
				t.Fatalf("structure %+v, %v", d.Structure, err)
			}
			if raw, complete, err := r.store.Content(t.Context(), m.Key, "1"); err != nil || !complete || string(raw) != c.text {
				t.Errorf("text of %d octets, complete %v, %v", len(raw), complete, err)
			}
			if want := 1 + 1 + len(c.text)/partRange; len(list()) > want+1 {
				t.Errorf("asked %d times: %v", len(list()), list())
			}
			if why := r.e.Problem(m.Key); why != "" {
				t.Errorf("it says %q", why)
			}
		})
	}
}

func TestAPartThatAMessageDoesNotHaveIsSaid(t *testing.T) {
	r := odd(t, described(structureOf("200"), "2"))
	r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: lies\r\n\r\nOnly this.\r\n"), time.Time{})
	r.start()
	m := r.list("INBOX")[0]
	r.e.Open(m.Key, "2")
	r.until("it is said", func() bool { return strings.Contains(r.e.Problem(m.Key), "no such part") })
}

// The parts are there, and are not what the server says of them.
func TestAMessageWhosePartsAreNotWhatTheServerSaysIsFetchedWhole(t *testing.T) {
	const encoded, text = "PHA+R3LDvMOfZSBhdXMgTMO8YmVjazwvcD4=\r\n", "Grüße aus Lübeck"
	long := strings.Repeat("Grüße aus Lübeck, und noch eine Zeile.\r\n", 2*partRange/40)
	for name, c := range map[string]struct{ said, raw, mediaType, want string }{
		"HTML said to be plain": {`("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "BASE64" 38 1)`,
			"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded, "text/html", text},
		"another encoding": {`("TEXT" "HTML" ("CHARSET" "UTF-8") NIL NIL "7BIT" 38 1)`,
			"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded, "text/html", text},
		"another charset": {`("TEXT" "PLAIN" ("CHARSET" "ISO-8859-1") NIL NIL "QUOTED-PRINTABLE" 38 1)`,
			"Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=F0=D2=C9=D7=C5=D4\r\n", "text/plain", "Привет"},
		"a large part": {`("TEXT" "HTML" ("CHARSET" "UTF-8") NIL NIL "BASE64" 900000 1)`,
			"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + long, "text/plain", "noch eine Zeile"},
		"a part of a container": {`(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 20 1)("APPLICATION" "PDF" NIL NIL NIL "7BIT" 9) "MIXED")`,
			"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded +
				"--b\r\nContent-Type: text/csv\r\n\r\na,b\r\n--b--\r\n", "text/html", text},
	} {
		t.Run(name, func(t *testing.T) {
			o := described(c.said)
			r := odd(t, o)
			r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: lies\r\nMIME-Version: 1.0\r\n"+c.raw), time.Time{})
			r.start()
			m := r.list("INBOX")[0]
			r.e.Open(m.Key)
			r.settle()
			d, err := r.store.Message(t.Context(), m.Key)
			if err != nil || d.Structure == nil {
				t.Fatal(d.Structure, err)
			}
			p := d.Structure.Find("1")
			raw, complete, err := r.store.Content(t.Context(), m.Key, "1")
			if err != nil || !complete || p == nil || p.MediaType != c.mediaType {
				t.Fatalf("part %+v, %d octets, complete %v, %v", p, len(raw), complete, err)
			}
			if got := body.Plain([]body.Content{{Part: *p, Raw: raw}}); !strings.Contains(got, c.want) {
				t.Errorf("it reads %.300q", got)
			}
			if all := d.Structure.Attachments(); len(all) > 0 && all[0].MediaType != "text/csv" {
				t.Errorf("attached %+v", all[0])
			}
		})
	}
}

// A size that is wrong does no harm: a part ends where it ends.
func TestAWrongSizeLosesNothing(t *testing.T) {
	long := strings.Repeat("A line of a long text that takes its time.\r\n", 2*partRange/44)
	for name, c := range map[string]struct{ said, text string }{
		"too small": {"5", long}, "nothing": {"0", "All of this.\r\n"}, "too large": {"3000000", "All of this.\r\n"}, "by one range": {"300000", long},
	} {
		t.Run(name, func(t *testing.T) {
			r := odd(t, described(`("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" `+c.said+` 1)`))
			r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: size\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+c.text), time.Time{})
			r.start()
			m := r.list("INBOX")[0]
			r.e.Open(m.Key)
			r.settle()
			if raw, complete, err := r.store.Content(t.Context(), m.Key, "1"); err != nil || !complete || string(raw) != c.text {
				t.Errorf("%d octets of %d, complete %v, %v", len(raw), len(c.text), complete, err)
			}
		})
	}
}

// A server that does not know the headers of parts is asked without them.
func TestAServerWithoutHeadersOfPartsIsReadAllTheSame(t *testing.T) {
	r := odd(t, &mailtest.Odd{Command: func(name, line string) string {
		if name == "UID FETCH" && strings.Contains(line, ".MIME]") {
			return "$ NO no such thing\r\n"
		}
		return ""
	}})
	long := strings.Repeat("A line of a long text that takes its time.\r\n", 2*partRange/44)
	for _, text := range []string{"Hello.\r\n", long} {
		r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: a\r\n\r\n"+text), time.Time{})
	}
	r.start()
	for i, m := range r.list("INBOX") {
		r.e.Open(m.Key)
		r.settle()
		if raw, complete, err := r.store.Content(t.Context(), m.Key, "1"); err != nil || !complete || len(raw) != []int{len(long), 8}[i] {
			t.Errorf("%d: %d octets, complete %v, %v; %s", i, len(raw), complete, err, r.e.Problem(m.Key))
		}
	}
}

func TestAnEmptyPartIsNoLie(t *testing.T) {
	o := described(structureOf("0"), "1.1", "1.2")
	list := asked(o)
	r := odd(t, o)
	r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: empty\r\n\r\n"), time.Time{})
	r.start()
	m := r.list("INBOX")[0]
	r.e.Open(m.Key)
	r.settle()
	if raw, complete, err := r.store.Content(t.Context(), m.Key, "1.1"); err != nil || !complete || len(raw) != 0 || len(list()) != 1 {
		t.Errorf("text %q, complete %v, %v, asked for %v", raw, complete, err, list())
	}
}

func TestALargePartComesInRangesAndLeavingStopsTheNext(t *testing.T) {
	text := strings.Repeat("A line of a long text that takes its time.\r\n", 3*partRange/44)
	var r *rig
	var mu sync.Mutex // guards what follows
	var shown []State
	var leave mail.MessageKey
	o := &mailtest.Odd{Response: func(name, said string) string {
		mu.Lock()
		defer mu.Unlock()
		if name == "UID FETCH" && strings.Contains(said, "BODY[1]<") {
			if leave != 0 {
				r.e.Leave(leave)
			}
			leave = 0
			shown = append(shown, r.e.States()[0])
		}
		return said
	}}
	list := asked(o)
	r = odd(t, o)
	r.user.Append("INBOX", []byte("From: ben@example.org\r\nSubject: long\r\n\r\n"+text), time.Time{})
	r.start()
	m := r.list("INBOX")[0]
	mu.Lock()
	leave = m.Key
	mu.Unlock()
	r.e.Open(m.Key)
	r.settle()
	raw, complete, err := r.store.Content(t.Context(), m.Key, "1")
	if err != nil || complete || len(raw) != partRange || len(list()) != 2 {
		t.Errorf("%d octets are here, complete %v, %v, asked for %v", len(raw), complete, err, list())
	}
	r.e.Open(m.Key)
	r.settle()
	if raw, complete, err = r.store.Content(t.Context(), m.Key, "1"); err != nil || !complete || string(raw) != text {
		t.Errorf("%d octets of %d are here, complete %v, %v", len(raw), len(text), complete, err)
	}
	if !strings.HasPrefix(list()[2], "1]<262144.") {
		t.Errorf("it did not go on where it had stopped: %v", list())
	}
	for _, items := range list() {
		if strings.HasPrefix(items, "]") {
			t.Errorf("the whole message was asked for: %v", list())
		}
	}
	counted := false
	mu.Lock()
	defer mu.Unlock()
	for _, s := range shown {
		counted = counted || s.Total > 0 && s.Done > 0
	}
	if !counted {
		t.Error("no progress was shown")
	}
}

// A server that gives the octets of another message for a UID is asked once more, and then not believed.
func TestF9TheOctetsOfAnotherMessageAreNotShown(t *testing.T) {
	for lies, refused := range map[int]bool{1: false, 2: true} {
		left := lies
		r := odd(t, &mailtest.Odd{Response: func(name, said string) string {
			if left == 0 || name != "UID FETCH" || !strings.Contains(said, "BODY[1]") {
				return said
			}
			left--
			id := "Message-ID: <another@example.org>\r\n\r\n"
			return fmt.Sprintf("* 1 FETCH (UID 1 BODY[1] {7}\r\nanother BODY[HEADER.FIELDS (\"Message-Id\")] {%d}\r\n%s)\r\n", len(id), id)
		}})
		r.deliver("INBOX", 1, 1)
		r.start()
		key := r.list("INBOX")[0].Key
		r.e.Open(key)
		r.settle()
		raw, complete, err := r.store.Content(t.Context(), key, "1")
		if err != nil || complete == refused || strings.Contains(string(raw), "another") {
			t.Errorf("%d lies: %q, %t, %v", lies, raw, complete, err)
		}
		if problem := r.e.Problem(key); (problem != "") != refused || refused && !strings.Contains(problem, "another message in its place") {
			t.Errorf("%d lies: the reader says %q", lies, problem)
		}
		r.e.Open(key)
		r.settle()
		if _, complete, err := r.store.Content(t.Context(), key, "1"); err != nil || !complete {
			t.Errorf("%d lies: opened again: %t, %v", lies, complete, err)
		}
		r.close()
	}
}

func TestAServerThatDoesNotKnowHeadersOfPartsIsRead(t *testing.T) {
	for _, c := range []struct {
		answer string
		kept   bool // fetched for reading offline
	}{{"NO", false}, {"BAD", false}, {"NO", true}, {"BAD", true}} {
		r := odd(t, &mailtest.Odd{Command: func(_, line string) string {
			if strings.Contains(line, ".MIME]") {
				return "$ " + c.answer + " What is MIME?\r\n"
			}
			return ""
		}})
		r.user.Append("INBOX", message("1", "Text"), time.Now())
		if c.kept {
			r.offline = time.Hour
		}
		r.start()
		m := r.list("INBOX")[0]
		if !c.kept {
			r.e.Open(m.Key)
		}
		r.settle()
		if raw, complete, err := r.store.Content(t.Context(), m.Key, "1"); err != nil || !complete || len(raw) == 0 {
			t.Errorf("%+v: %q, complete %v, %v, problem %q", c, raw, complete, err, r.e.Problem(m.Key))
		}
	}
}
