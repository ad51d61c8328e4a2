package ui_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/body"
	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
)

// way is one of writing: what Anna got, what she does about it, and what arrives of that elsewhere.
type way struct {
	name  string
	at    string // account that got it; empty: home
	post  post   // about lunch, unless said otherwise
	write func(r *rig)
	check func(r *rig, raw []byte) // more that must hold of what arrived

	from   string   // of the envelope
	to     []string // whom it reaches, in order
	header string   // its fields, a line each; without a value: there is none
	shape  string   // its parts and their encodings
	says   []string // in its text, in this order; the first at its beginning
	mark   string   // that the message got
	unkept bool     // there is no copy in Sent
}

// writing is pressing keys and then typing a text.
func writing(text string, pressed ...string) func(r *rig) {
	return func(r *rig) {
		r.Press(pressed...)
		r.Type(text)
	}
}

const quoted = "\n> Dear Anna, this is the text of Lunch.\n"

var (
	ben   = []string{"ben@friends.example"}
	files = withFile("Lunch", "menu.dat", "soup and fish")
)

var ways = []way{
	{name: "reply", post: post{to: "Anna <post@lindqvist.example>", header: []string{"References: <root@friends.example>"}},
		write: writing("Yes, gladly. – Ännä", "r"), from: "post@lindqvist.example", to: ben,
		header: "From: Anna Lindqvist <post@lindqvist.example>\nTo: Ben Okafor <ben@friends.example>\nCc:\nSubject: Re: Lunch\n" +
			"In-Reply-To: <Lunch@friends.example>\nReferences: <root@friends.example> <Lunch@friends.example>",
		shape: "text/plain quoted-printable", says: []string{"Yes, gladly. – Ännä\n\nOn ", quoted}, mark: `\Answered`},
	{name: "reply to what only those who delivered it say that it was sent to", post: post{to: "Club <club@friends.example>",
		header: []string{"X-Original-To: post@lindqvist.example", "Delivered-To: anna@home.example"}},
		write: writing("Yes.", "r"), from: "post@lindqvist.example", to: ben,
		header: "From: Anna Lindqvist <post@lindqvist.example>\nTo: Ben Okafor <ben@friends.example>\nCc:", shape: "text/plain 7bit", says: []string{"Yes.\n\nOn ", quoted}, mark: `\Answered`},
	{name: "reply where answers are to go elsewhere", post: post{header: []string{"Reply-To: Cy <cy@friends.example>"}},
		write: writing("Yes.", "r"), from: "anna@home.example", to: []string{"cy@friends.example"},
		header: "To: Cy <cy@friends.example>\nCc:", shape: "text/plain 7bit", says: []string{"Yes.\n\nOn ", quoted}, mark: `\Answered`},
	{name: "reply to all", post: post{to: "anna@home.example, cy@friends.example",
		header: []string{"Cc: Dee <dee@friends.example>, post@lindqvist.example, Cy <CY@friends.example>"}},
		write: writing("Count me in.", "R"), from: "anna@home.example", to: []string{"ben@friends.example", "cy@friends.example", "dee@friends.example"},
		header: "To: Ben Okafor <ben@friends.example>, cy@friends.example\nCc: Dee <dee@friends.example>\nIn-Reply-To: <Lunch@friends.example>",
		shape:  "text/plain 7bit", says: []string{"Count me in.\n", quoted}, mark: `\Answered`},
	{name: "reply to all where the author says whom", post: post{to: "anna@home.example, cy@friends.example", header: []string{"Mail-Followup-To: crew@friends.example, dee@friends.example"}},
		write: writing("Count me in.", "R"), from: "anna@home.example", to: []string{"crew@friends.example", "dee@friends.example"},
		header: "To: crew@friends.example, dee@friends.example\nCc:", shape: "text/plain 7bit", says: []string{"Count me in.\n", quoted}, mark: `\Answered`},
	{name: "reply to the list", post: post{to: "crew@friends.example", header: []string{"Cc: cy@friends.example", "List-Id: <crew.friends.example>", "List-Post: <mailto:crew@friends.example>"}},
		write: writing("To all hands.", "L"), from: "anna@home.example", to: []string{"crew@friends.example"},
		header: "To: crew@friends.example\nCc:\nReferences: <Lunch@friends.example>", shape: "text/plain 7bit", says: []string{"To all hands.\n", quoted}, mark: `\Answered`},
	{name: "reply to the sender of what came through a list", post: post{to: "crew@friends.example", header: []string{"List-Id: <crew.friends.example>", "List-Post: <mailto:crew@friends.example>"}},
		write: writing("Only to you.", "r"), from: "anna@home.example", to: ben,
		header: "To: Ben Okafor <ben@friends.example>\nCc:", shape: "text/plain 7bit", says: []string{"Only to you.\n", quoted}, mark: `\Answered`},
	{name: "reply as any address of a domain", post: post{to: "harbour@anna.example"},
		write: writing("Yes.", "r"), from: "harbour@anna.example", to: ben,
		header: "From: Anna at sea <harbour@anna.example>", shape: "text/plain 7bit", says: []string{"Yes.\n", quoted}, mark: `\Answered`},
	{name: "reply as an address with a detail, in the other's language", post: post{to: "anna+boats@home.example", text: "Kommst du am Samstag? Ich bringe das Boot mit."},
		write: writing("Ja.", "r"), from: "anna+boats@home.example", to: ben,
		header: "From: Anna Lindqvist <anna+boats@home.example>", shape: "text/plain 7bit", mark: `\Answered`,
		says: []string{"Ja.\n\nAm ", " schrieb Ben Okafor:\n> Kommst du am Samstag? Ich bringe das Boot mit.\n"}},
	{name: "reply from the list of all accounts", at: "work", post: post{to: "anna@work.example"},
		write: writing("Fine.", "r"), from: "anna@work.example", to: ben,
		header: "From: Anna Lindqvist <anna@work.example>", shape: "text/plain 7bit", says: []string{"Fine.\n", quoted}, mark: `\Answered`},
	{name: "forward inline", post: files, write: writing("cy@friends.example", "f"), from: "anna@home.example", to: []string{"cy@friends.example"},
		header: "Subject: Fwd: Lunch\nIn-Reply-To:\nReferences:", shape: `multipart/mixed(text/plain 7bit, application/octet-stream base64 "menu.dat")`,
		says: []string{"----------", "From: Ben Okafor <ben@friends.example>\n", "See the file.\n"}, mark: "$Forwarded", check: carries("menu.dat", "soup and fish")},
	{name: "forward inline without the files", post: files, write: writing("cy@friends.example", "f", "alt+o", "alt+o", "alt+o"), from: "anna@home.example", to: []string{"cy@friends.example"},
		shape: "text/plain 7bit", says: []string{"", "See the file.\n"}, mark: "$Forwarded"},
	{name: "forward as attachment", post: post{text: "Grüße aus dem Hafen\n.\n..\nFrom here"}, write: writing("cy@friends.example", "F"),
		from: "anna@home.example", to: []string{"cy@friends.example"}, header: "Subject: Fwd: Lunch\nIn-Reply-To:", shape: `multipart/mixed(text/plain 7bit, message/rfc822 8bit "Lunch.eml")`,
		mark: "$Forwarded", check: carriesMessages},
	{name: "forward several in one", post: post{text: "one"}, write: func(r *rig) {
		r.deliver("home", "INBOX", post{subject: "Second", text: "zwei – two"})
		r.UntilSeen("Second")
		r.Press("* a", "F")
		r.Type("cy@friends.example")
	}, from: "anna@home.example", to: []string{"cy@friends.example"}, header: "Subject: Fwd: 2 messages",
		shape: `multipart/mixed(text/plain 7bit, multipart/digest(message/rfc822 7bit "Lunch.eml", message/rfc822 8bit "Second.eml"))`, mark: "$Forwarded",
		check: func(r *rig, raw []byte) {
			carriesMessages(r, raw)
			r.onServer("home", "INBOX", "Lunch $Forwarded", "Second $Forwarded")
		}},
	{name: "redirect", post: post{to: "Anna <post@lindqvist.example>", text: "Grüße\n.", header: []string{"Bcc: secret@friends.example", "Resent-From: crew@friends.example"}},
		write: func(r *rig) {
			writing("Jürgen <cy@friends.example>", "B")(r)
			r.Press("tab", "tab", "tab", "tab") // no way into the subject or the text
			r.Type("dee@friends.example")
		}, from: "post@lindqvist.example", to: []string{"cy@friends.example", "dee@friends.example"},
		header: "Resent-From: Anna Lindqvist <post@lindqvist.example>\nResent-To: Jürgen <cy@friends.example>\nFrom: Ben Okafor <ben@friends.example>\nSubject: Lunch\nMessage-ID: <Lunch@friends.example>",
		shape:  "text/plain ", says: []string{"Grüße\n.\n"}, mark: "$Forwarded", unkept: true, check: isRedirected},
	{name: "edit as new", post: post{from: "Anna <anna@home.example>", to: "ben@friends.example", text: "The rota – again", header: []string{"References: <root@friends.example>", "Reply-To: crew@friends.example"}},
		write: writing("", "ctrl+e"), from: "anna@home.example", to: ben,
		header: "From: Anna Lindqvist <anna@home.example>\nTo: ben@friends.example\nReply-To: crew@friends.example\nSubject: Lunch\nIn-Reply-To:\nReferences:", shape: "text/plain quoted-printable", says: []string{"The rota – again\n"}},
	{name: "write with Bcc", write: func(r *rig) {
		for _, s := range []string{"Cy <cy@friends.example>", "ben@friends.example", "dee@friends.example"} {
			if s[0] == 'C' {
				r.Press("c")
			} else {
				r.Press("tab")
			}
			r.Type(s)
		}
		r.Press("tab")
		r.Type("Über die Ebbe")
		r.Press("tab")
		r.Send(tea.PasteMsg{Content: "From here\n.\n" + strings.Repeat("long", 400) + "\n"})
	}, from: "anna@home.example", to: []string{"ben@friends.example", "cy@friends.example", "dee@friends.example"},
		header: "To: Cy <cy@friends.example>\nCc: ben@friends.example\nSubject: Über die Ebbe\nIn-Reply-To:", shape: "text/plain quoted-printable", says: []string{"From here\n.\n" + strings.Repeat("long", 400) + "\n"}},
	{name: "write to people who are not to know of each other", write: func(r *rig) {
		r.Press("c", "tab", "tab")
		r.Type("ben@friends.example, cy@friends.example")
		r.Press("alt+r")
		r.Type("crew@friends.example")
		r.Press("tab")
		r.Type("Keys")
		r.Press("tab")
		r.Type("Only you have them.")
	}, from: "anna@home.example", to: []string{"ben@friends.example", "cy@friends.example"},
		header: "To: undisclosed-recipients:;\nCc:\nReply-To: crew@friends.example", shape: "text/plain 7bit", says: []string{"Only you have them.\n"}},
	{name: "write in Markdown with a picture", write: func(r *rig) {
		path := filepath.Join(r.t.TempDir(), "boat.png")
		if err := os.WriteFile(path, []byte("\x89PNG\r\n\x1a\n"), 0o600); err != nil {
			r.t.Fatal(err)
		}
		r.Press("c", "alt+m", "ctrl+t", "ctrl+u")
		r.Type(path)
		r.Press("enter")
		r.Type("ben@friends.example")
		r.Press("tab", "tab", "tab")
		r.Type("The boat")
		r.Press("tab")
		r.Type("It *floats*: ![her](boat.png)")
	}, from: "anna@home.example", to: ben, header: "Subject: The boat",
		shape: `multipart/alternative(text/plain 7bit, multipart/related(text/html 7bit, image/png base64 "boat.png"))`,
		says:  []string{"It *floats*: ![her](boat.png)\n"}, check: carries("boat.png", "\x89PNG\r\n\x1a\n")},
}

// TestWaysOfAnswering writes in every way there is, and reads what arrived: on servers in this process, then on a real
// Dovecot to which a real Postfix delivers.
func TestWaysOfAnswering(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		for _, w := range ways {
			t.Run(w.name, func(t *testing.T) {
				r := newRig(t)
				w.tell(r, func(string) map[string][]byte {
					got := r.submitted()
					all := map[string][]byte{}
					for _, to := range got.To {
						all[to] = append([]byte("Return-Path: <"+got.From+">\r\n"), got.Raw...)
					}
					return all
				})
			})
		}
	})
	t.Run("dovecot and postfix", func(t *testing.T) {
		users := slices.Clone(friends)
		for i := range ways {
			users = append(users, fmt.Sprint("home", i), fmt.Sprint("work", i))
		}
		server := mailtest.Dovecot(t, users...)
		postfix := mailtest.Postfix(t, server, users...)
		for i, w := range ways {
			if testing.Short() && i%3 > 0 {
				continue
			}
			t.Run(w.name, func(t *testing.T) {
				d := dovecot{server, i, map[string]*imap.Session{}}
				r := newRigOn(t, d)
				for i := range r.accounts {
					r.accounts[i].SMTP = postfix.Endpoint(d.user(r.accounts[i].Name), mail.TLS)
				}
				w.tell(r, func(id string) map[string][]byte { return d.arrived(t, id, w.to) })
			})
		}
	})
}

// arrived is what friends got under a Message-ID, by their addresses, once those who are to have it do.
func (d dovecot) arrived(t *testing.T, id string, to []string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, name := range friends {
		address, found := name+"@"+mailtest.Elsewhere, -1
		list := d.until(t, name, "INBOX", func(list []stored) bool {
			found = slices.IndexFunc(list, func(s stored) bool { return s.header("Message-ID") == id })
			return found >= 0 || !slices.Contains(to, address)
		})
		if found >= 0 {
			all[address] = list[found].raw
		}
	}
	return all
}

// tell is the story; arrived gives what people got under a Message-ID, by their addresses.
func (w way) tell(r *rig, arrived func(id string) map[string][]byte) {
	account := w.at
	if account == "" {
		account = "home"
	}
	r.accounts[0].Aliases = append(r.accounts[0].Aliases, "Anna at sea <*@anna.example>")
	w.post.subject = "Lunch"
	r.deliver(account, "INBOX", w.post)
	r.start()
	w.write(r)
	r.Press("ctrl+s")
	if strings.Contains(r.Screen(), "all the same?") {
		r.Press("y")
	}
	id, kept := "<"+id("Lunch")+">", r.servers.messages(r.t, account, "Sent")
	if len(kept) == 1 == w.unkept {
		r.t.Fatalf("%d copies in Sent:\n%s", len(kept), r.Screen())
	}
	if !w.unkept {
		id = kept[0].header("Message-ID")
		if _, domain, _ := strings.Cut(w.from, "@"); !strings.HasSuffix(id, "@"+domain+">") {
			r.t.Errorf("Message-ID %s from %s", id, w.from)
		}
	}
	all := arrived(id)
	var raw []byte
	var reached []string
	for address, got := range all {
		trace, rest := delivered(got)
		if want := "Return-Path: <" + w.from + ">"; !strings.Contains(trace, want) {
			r.t.Errorf("%s: no %s in\n%s", address, want, trace)
		}
		if raw = rest; !w.unkept && !bytes.Equal(raw, kept[0].raw) {
			r.t.Errorf("%s got\n%s\nand Sent has\n%s", address, raw, kept[0].raw)
		}
		reached = append(reached, address)
	}
	if slices.Sort(reached); !slices.Equal(reached, w.to) {
		r.t.Errorf("it reached %q, want %q", reached, w.to)
	}
	w.read(r, raw)
	if marked := r.servers.messages(r.t, account, "INBOX")[0].String(); marked != strings.TrimSpace("Lunch "+w.mark) {
		r.t.Errorf("the original is %q, want %q", marked, w.mark)
	}
}

// read looks at what arrived.
func (w way) read(r *rig, raw []byte) {
	r.t.Helper()
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") { // RFC 5322 §2.1.1
			r.t.Errorf("a line of %d octets: %.80q", len(line), line)
		}
	}
	h := body.ParseHeader(raw)
	for _, never := range []string{"Bcc", "Resent-Bcc", "X-Mailer", "User-Agent"} {
		if h.Has(never) {
			r.t.Errorf("%s went out", never)
		}
	}
	for field := range strings.Lines(w.header) {
		name, want, _ := strings.Cut(strings.TrimSpace(field), ":")
		r.says(raw, name, strings.TrimSpace(want))
	}
	m := body.Parse(raw)
	if got := shape(&m.Root); got != w.shape {
		r.t.Errorf("it is %s, want %s", got, w.shape)
	}
	rest := text(raw)
	for i, want := range w.says {
		before, after, ok := strings.Cut(rest, want)
		if !ok || i == 0 && before != "" {
			r.t.Errorf("%q is not where it should be in %q", want, text(raw))
		}
		rest = after
	}
	if w.check != nil {
		w.check(r, raw)
	}
}

// delivered takes off what servers put above a message on its way. // RFC 5321 §4.4
func delivered(raw []byte) (trace string, rest []byte) {
	for rest = raw; ; {
		line, more, ok := bytes.Cut(rest, []byte("\r\n"))
		name, _, _ := strings.Cut(string(line), ":")
		continued := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
		if !ok || !continued && name != "Return-Path" && name != "Delivered-To" && name != "Received" {
			return trace, rest
		}
		trace += string(line) + "\n"
		rest = more
	}
}

// shape is a part and what is in it, in a line.
func shape(p *mail.Part) string {
	if !p.Multipart() {
		s := p.MediaType + " " + p.Encoding
		if p.Filename != "" {
			s += fmt.Sprintf(" %q", p.Filename)
		}
		return s
	}
	var parts []string
	for i := range p.Children {
		parts = append(parts, shape(&p.Children[i]))
	}
	return p.MediaType + "(" + strings.Join(parts, ", ") + ")"
}

// carries wants a file to be in what arrived, byte for byte.
func carries(name, content string) func(r *rig, raw []byte) {
	return func(r *rig, raw []byte) {
		m := body.Parse(raw)
		m.Root.Walk(func(p *mail.Part) bool {
			if got := string(body.Decode(*p, m.Content(p.Section))); p.Filename == name && got != content {
				r.t.Errorf("%s is %q, want %q", name, got, content)
			}
			return true
		})
	}
}

// carriesMessages wants all that is in the INBOX to be in what arrived, in order, byte for byte.
func carriesMessages(r *rig, raw []byte) {
	m := body.Parse(raw)
	files := m.Root.Attachments()
	want := r.servers.messages(r.t, "home", "INBOX")
	if len(files) != len(want) {
		r.t.Fatalf("%d attachments of %d messages", len(files), len(want))
	}
	for i, f := range files {
		if got := m.Content(f.Section); !bytes.Equal(got, want[i].raw) {
			r.t.Errorf("attached\n%q\nwant\n%q", got, want[i].raw)
		}
	}
}

// isRedirected wants the message to be as it was but for its Bcc, below the fields of this pass. // RFC 5322 §3.6.6
func isRedirected(r *rig, raw []byte) {
	original := r.servers.messages(r.t, "home", "INBOX")[0].raw
	want := bytes.Replace(original, []byte("Bcc: secret@friends.example\r\n"), nil, 1)
	above, ok := bytes.CutSuffix(raw, want)
	var fields []string
	for line := range strings.Lines(string(above)) {
		name, _, _ := strings.Cut(line, ":")
		fields = append(fields, name)
	}
	if !ok || !slices.Equal(fields, []string{"Resent-Date", "Resent-From", "Resent-To", "Resent-Message-ID"}) {
		r.t.Errorf("%q above the message (unaltered: %v):\n%s", fields, ok, raw)
	}
}
