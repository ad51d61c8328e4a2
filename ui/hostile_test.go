package ui_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"posthorn/mail/imap"
	"posthorn/mail/mailtest"
	"posthorn/ui/width"
)

// payloads are what outside text may hold to be more than text. Where one may not be is a canary that must never be
// heard of but as text.
var payloads = []string{
	"\x1b]0;CNRY\x07", "\x1b]2;CNRY\x1b\\", "\x1b]52;c;Q05SWS1jbGlw\x07", "\x1b]8;;javascript:CNRY\x07CNRY\x1b]8;;\x07", "\x1b]9;CNRY\x07", "\x1b]777;notify;CNRY;x\x07",
	"\x1b]1337;File=CNRY:AAAA\x07", "\x1b]0;CNRY", "\x1b[38;2;13;37;99mCNRY", "\x1b[7777C", "\x1b[2J\x1b[1;1HCNRY", "\x1b[?1049lCNRY", "\x1b[6n\x1b[c\x1b[21t", "\x1b[CNRY",
	"\x1bP$qm\x1b\\", "\x1bPq#0CNRY\x1b\\", "\x1b_CNRY\x1b\\", "\x1b^CNRY\x1b\\", "\x1bXCNRY\x1b\\", "\x1bc", "\x1b#8", "\x1b(0", "\x1b", "\x0e\x0f\x05", "\x07", "CNRYa\b\b\b\b",
	"CNRYa\rCNRYb", "\x00CNRY", "\x7f", "\u009b7777C", "\u009d0;CNRY\u009c", "\u0090q\u009c", "\u0085CNRY", "\x9b7777C", "\x9d0;CNRY\x9c", "\xc1\x9b7777C", "\xe0\x80\x9b7777C",
	"\u202eCNRY\u202c", "\u2066CNRY\u2067\u2068\u2069", "\u061cCNRY\u200e\u200f", "CN\u200bRY\u2060\ufeff\u00ad", "\U000e0043\U000e004e\U000e007f", "CNRY\u2028CNRY\u2029",
	"Z" + strings.Repeat("\u0301\u0489", 300), "\u1100" + strings.Repeat("\u1161", 300), "क" + strings.Repeat("\u094d\u200d", 300), "\u115f\u3164\uffa0\u2800", "\u0378\ue000\ufdd0\U0010ffff",
	"👩\u200d👩\u200d👧\ufe0f🏽🇸🇪🇸", "\t\v\f", "%1b[7777C&#27;[7777C=1B[7777C\\x1b[7777C\\033[7777C", strings.Repeat("\x1b[31m", 200), "שלום CNRY \u200f", "﷽" + strings.Repeat("ﷺ", 40),
}

// sampled is all of list where tests may take their time, and some of it elsewhere.
func sampled(list []string) (out []string) {
	step := 7
	if mailtest.Thorough() {
		step = 1
	}
	for i := 0; i < len(list); i += step {
		out = append(out, list[i])
	}
	return out
}

// word is text as an encoded word, which carries everything. // RFC 2047 §2
func word(s string) string {
	return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
}

// flat is s where a line break would end a header field.
func flat(s string) string { return strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(s) }

// entities writes the characters of s as HTML does.
func entities(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, "&#%d;", r)
	}
	return b.String()
}

// hostileMail holds one payload wherever a message can hold any.
func hostileMail(n int, p, canary string) []byte {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, name := range []string{p + "a", "../" + p, p + "/"} {
		if f, err := z.Create(name); err == nil {
			f.Write([]byte(p))
		}
	}
	z.Close()
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) + "\r\n" }
	escaped := url.PathEscape(p)
	parts := []string{
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(
			fmt.Sprintf("Body %s of %d\n> %s\n*%s* `%s` https://tide.example/%s <mailto:%s@x.example>\n-- \n%s\n\nbegin 644 %s.txt\n#0V%%T\n`\nend\n", p, n, p, p, p, escaped, escaped, p, flat(p))),
		"Content-Type: text/plain; charset=\"" + flat(p) + "\"\r\n\r\nRaw " + flat(p) + "\r\n",
		"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("<title>"+entities(p)+"</title><h1>"+p+entities(p)+"</h1><p title=\""+entities(p)+
			"\"><a href=\"https://tide.example/"+entities(p)+"\">"+entities(p)+"</a> <a href='javascript:CNRY"+entities(p)+"'>x</a><img alt=\""+entities(p)+"\" src=\""+canary+"/img\"><pre>"+p+entities(p)+
			"</pre><table><tr><th>a<th>"+entities(p)+"<tr><td>"+p+"<td>b</table><link rel=stylesheet href="+canary+"/css><iframe src="+canary+"/frame></iframe><script src="+canary+"/js></script>"),
		"Content-Type: text/csv; name*=utf-8''" + escaped + ".csv\r\nContent-Disposition: attachment; filename*=utf-8''" + escaped + ".csv\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("a,b\n\""+p+"\",c\n"),
		"Content-Type: text/calendar; method=REQUEST\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID="+flat(p)+
			":20260105T100000\r\nSUMMARY:"+flat(p)+"\r\nLOCATION:"+flat(p)+"\r\nORGANIZER;CN=\""+flat(p)+"\":mailto:"+flat(p)+"\r\nDESCRIPTION:"+flat(p)+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
		"Content-Type: message/rfc822\r\n\r\nFrom: " + word(p) + " <a@b.example>\r\nSubject: " + word(p) + "\r\n\r\n" + flat(p) + "\r\n",
		"Content-Type: application/zip; name=\"" + word(p) + ".zip\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(packed.String()),
		"Content-Type: text/x-patch; name=\"" + flat(p) + ".patch\"\r\nContent-Disposition: attachment; filename=\"" + flat(p) + ".patch\"\r\n\r\n--- a/" + flat(p) + "\r\n+++ b/" + flat(p) + "\r\n@@ -1 +1 @@ " + flat(p) + "\r\n-" + flat(p) + "\r\n+x\r\n",
		"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; " + flat(p) + "\r\n\r\nFinal-Recipient: rfc822; " + flat(p) + "\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 " + flat(p) + "\r\n",
		"Content-Type: application/x-" + flat(p) + "; x=\"" + flat(p) + "\"\r\nContent-Transfer-Encoding: " + flat(p) + "\r\nContent-Disposition: " + flat(p) + "; filename=x\r\n\r\nx\r\n",
	}
	head := []string{
		"From: " + word("Ben "+p) + " <ben" + flat(p) + "@evil.example>", "To: " + flat(p) + " <anna@home.example>, " + word(p) + " <x@y.example>", "Cc: \"" + flat(p) + "\" <c@y.example>",
		"Reply-To: " + word(p) + " <r@elsewhere.example>", "Sender: " + flat(p), fmt.Sprintf("Subject: n%d %s %s", n, word(p), flat(p)), "Date: Mon, 05 Jan 2026 08:00:00 +0000 (" + flat(p) + ")",
		"Message-ID: <" + fmt.Sprint(n) + flat(p) + "@evil.example>", "References: <" + flat(p) + ">", "List-Id: " + flat(p) + " <" + flat(p) + ">",
		"List-Unsubscribe: <https://tide.example/" + flat(p) + ">, <mailto:leave@tide.example?subject=" + escaped + ">, <https://" + flat(p) + ".example/u>",
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Post: <mailto:" + flat(p) + "@tide.example>", "Authentication-Results: mx.home.example; dkim=pass reason=\"" + flat(p) + "\" header.d=" + flat(p),
		"Disposition-Notification-To: spy@evil.example", "Return-Receipt-To: spy@evil.example", "X-Confirm-Reading-To: spy@evil.example", "X-" + flat(p) + ": x", "X-Odd: " + word(p) + flat(p),
		"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b" + fmt.Sprint(n),
	}
	raw := strings.Join(head, "\r\n") + "\r\n\r\n"
	for _, part := range parts {
		raw += fmt.Sprintf("--b%d\r\n%s\r\n", n, part)
	}
	return []byte(raw + fmt.Sprintf("--b%d--\r\n", n))
}

// visit presses keys and shows the terminal what comes of each.
func (r *rig) visit(x *tap, keys ...string) {
	r.t.Helper()
	for _, k := range keys {
		r.Press(k)
		x.show(r.View())
	}
	x.clean(strings.Join(keys, " "))
}

// everyView opens all there is to see of the message that is open, and comes back to it.
func (r *rig) everyView(x *tap, thorough bool) {
	r.t.Helper()
	r.visit(x, "H", "ctrl+v", "ctrl+v", "H")
	if !thorough {
		return
	}
	r.visit(x, "t", "t", "G")
	for _, keys := range []string{"o", "Y", "U", "E", "m", "|", "A", "A s", "A S", "A |", "A enter", "r", "R", "f", "F"} {
		r.visit(x, strings.Fields(keys)...)
		r.back(x)
	}
	for n := range 12 { // the attachments, one after the other
		r.visit(x, "A")
		for range n {
			r.Press("j")
		}
		r.visit(x, "v")
		r.back(x)
	}
}

// back goes to the message, out of whatever a key has opened, and looks at what it passes.
func (r *rig) back(x *tap) {
	r.t.Helper()
	for range 5 {
		switch screen := r.Screen(); {
		case strings.Contains(screen, "J next"):
			return
		case strings.Contains(screen, "next unread"): // the list
			r.visit(x, "enter")
		case strings.Contains(screen, "discard"):
			r.visit(x, "ctrl+x")
		default:
			r.visit(x, "esc")
		}
	}
	r.t.Errorf("the message is gone:\n%s", r.Screen())
}

// TestNothingOutsideSpeaksToTheTerminal hears all that is written to a terminal while everything that comes from
// outside is looked at on every screen: only posthorn itself is heard.
func TestNothingOutsideSpeaksToTheTerminal(t *testing.T) { everythingLookedAt(t, sampled(payloads)) }

// The same, with characters measured as terminals do that know clusters.
func TestNothingOutsideSpeaksToATerminalOfClusters(t *testing.T) {
	width.UseClusters(true)
	defer width.UseClusters(false)
	everythingLookedAt(t, payloads[len(payloads)-16:])
}

func everythingLookedAt(t *testing.T, payloads []string) {
	t.Helper()
	var fetched atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	defer canary.Close()
	r := newRig(t)
	for n, p := range payloads {
		r.sent = r.sent.Add(time.Minute)
		r.servers.deliver(t, "home", "INBOX", hostileMail(n, p, canary.URL), r.sent)
	}
	x := r.tapped(120, 36)
	r.visit(x, "G", "g g", "V", "G", "V", "esc", "g g", "-", "tab", "tab", "T", "g g", "enter")
	for n := range payloads {
		r.Sees(fmt.Sprintf("n%d ", len(payloads)-1-n))
		r.everyView(x, n%9 == 0)
		r.visit(x, "J")
	}
	r.visit(x, "q", "c")
	r.Type("b")
	r.visit(x, "tab", "ctrl+x", "g l", "esc", "g o", "esc", "?", "esc")
	if n := fetched.Load(); n != 0 {
		t.Errorf("%d pictures and pages were fetched", n)
	}
	if sent := r.smtp.Accepted(); len(sent) != 0 {
		t.Errorf("mail went out by itself: %q", sent)
	}
}

// tapped starts posthorn on a terminal.
func (r *rig) tapped(w, h int) *tap {
	r.t.Helper()
	r.w, r.h = w, h
	r.config.Theme, r.config.Opener = "dark", []string{"true"}
	r.open()
	r.Driver.Settle = r.engine.Settle
	x := newTap(r.t, r.Driver, w, h)
	r.Start(r.app(), w, h)
	x.show(r.View())
	return x
}

// TestTheHostileCorpusSpeaksToNoTerminal is the same with the messages others are known to fall for.
func TestTheHostileCorpusSpeaksToNoTerminal(t *testing.T) {
	files, _ := filepath.Glob("../../shared/corpus/hostile/*.eml")
	if len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("the corpus is not there")
		}
		t.Skip("no ../shared/corpus/hostile")
	}
	server := mailtest.Dovecot(t, "home0", "work0")
	r := newRigOn(t, dovecot{server, 0, map[string]*imap.Session{}})
	files = sampled(files)
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r.sent = r.sent.Add(time.Minute)
		r.servers.deliver(t, "home", "INBOX", raw, r.sent)
	}
	x := r.tapped(80, 24)
	r.visit(x, "G", "g g", "-", "T", "g g", "enter")
	for i := range files {
		r.everyView(x, i%12 == 0)
		r.visit(x, "J")
	}
	if sent := r.smtp.Accepted(); len(sent) != 0 {
		t.Errorf("mail went out by itself: %q", sent)
	}
}

// TestHostileServersSpeakToNoTerminal hears what servers say in greetings, alerts, refusals, names and keywords.
func TestHostileServersSpeakToNoTerminal(t *testing.T) {
	var mu sync.Mutex
	n := 0
	next := func() string { mu.Lock(); defer mu.Unlock(); n++; return flat(payloads[n%len(payloads)]) }
	r := newRig(t)
	odd := &mailtest.Odd{Under: r.fault.Dial}
	odd.Response = func(name, said string) string {
		switch {
		case name == "" || name == "LIST" || name == "UID SEARCH" || name == "NOOP":
			return "* OK [ALERT] CNRY " + next() + "\r\n" + said
		case name == "UID FETCH" && strings.HasPrefix(said, "* "):
			return strings.Replace(said, "FLAGS (", "FLAGS (CNRY"+strings.NewReplacer(" ", "", "(", "", ")", "", "{", "").Replace(next())+" ", 1)
		}
		return said
	}
	odd.Command = func(name, _ string) string {
		switch name {
		case "UID STORE", "UID MOVE", "UID COPY":
			return "$ NO [CANNOT] CNRY " + next() + "\r\n"
		}
		return ""
	}
	r.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := odd.Dial(ctx, network, addr)
		return &defaced{Conn: conn, next: next}, err
	}
	for i, p := range payloads {
		if p = flat(strings.ToValidUTF8(p, "?")); !strings.ContainsAny(p, "/%*") {
			r.servers.create(t, "home", fmt.Sprintf("%d%s", i, p))
			r.servers.create(t, "home", fmt.Sprintf("%d%s/%s", i, p, p))
		}
	}
	r.inbox("home", "One", "Two", "Three")
	r.grace = 0
	x := r.tapped(120, 36)
	r.visit(x, "s", "d", "u", "a", "g l")
	for range 12 {
		r.visit(x, "space")
	}
	r.visit(x, "esc", "g o", "d", "n", "esc", "g f", "esc", "m", "esc", "tab")
	for range len(payloads) + 20 {
		r.visit(x, "j")
	}
	r.visit(x, "enter", "tab", "E", "esc")
	r.smtp.Make(mailtest.Trouble{Stage: mailtest.AtRcpt, Code: 550})
	r.visit(x, "g i", "c")
	r.Type("zoe@elsewhere.example")
	r.visit(x, "tab", "tab", "ctrl+s", "y", "g o", "esc", "g l", "esc")
	if !strings.Contains(strings.Join(logged(r), "\n"), "CNRY") {
		t.Error("nothing of what the servers said was heard")
	}
}

func logged(r *rig) (out []string) {
	for _, e := range r.engine.Log() {
		out = append(out, e.Text)
	}
	return out
}

// defaced is a connection to a submission server whose refusals hold payloads.
type defaced struct {
	net.Conn
	next func() string
}

func (d *defaced) Read(p []byte) (int, error) {
	n, err := d.Conn.Read(p)
	if i := bytes.Index(p[:n], []byte("refused by the test")); i >= 0 {
		copy(p[i:i+len("refused by the test")], fmt.Sprintf("%-19.19s", "CNRY"+d.next()))
	}
	return n, err
}
