package imap

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"posthorn/mail"
)

// pipe is Dovecot's IMAP process at the other end of a socket, logged in, on an empty account.
type pipe struct{ dir string }

func dovecot(t testing.TB) *pipe {
	t.Helper()
	if _, err := exec.LookPath("doveadm"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("doveadm is missing")
		}
		t.Skip("doveadm is not installed")
	}
	dir, err := os.MkdirTemp("", "posthorn-dovecot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	who, err := user.Current()
	if err == nil && who.Uid == "0" { // mail processes refuse to run as root
		who, err = user.Lookup("mail")
	}
	if err != nil {
		t.Skip(err)
	}
	home := filepath.Join(dir, "mail")
	config := fmt.Sprintf("base_dir = %s/run\nlog_path = /dev/null\nmail_location = sdbox:%s/%%u\nmail_uid = %s\nmail_gid = %s\nfirst_valid_uid = 1\nprotocols = imap\nssl = no\n"+
		"namespace inbox {\n  inbox = yes\n  mailbox Gesendet {\n    special_use = \\Sent\n    auto = create\n  }\n}\n", dir, home, who.Uid, who.Gid)
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	for _, err := range []error{os.Chmod(dir, 0o755), os.Mkdir(home, 0o700), os.Chown(home, uid, gid),
		os.WriteFile(filepath.Join(dir, "dovecot.conf"), []byte(config), 0o644)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return &pipe{dir}
}

// Dial starts one process. It takes pipes only: with a socket it believes that inetd has started it.
func (p *pipe) Dial(context.Context, string, string) (net.Conn, error) {
	cmd := exec.Command("doveadm", "-c", filepath.Join(p.dir, "dovecot.conf"), "exec", "imap")
	cmd.Env, cmd.Dir = append(os.Environ(), "USER=anna"), "/"
	in, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	theirIn, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	defer theirIn.Close()
	cmd.Stdin, cmd.Stdout = theirIn, theirs
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go cmd.Wait()
	return &piped{in: in, out: out}, nil
}

// piped is two pipes as a connection.
type piped struct {
	net.Conn // none: addresses are not asked for
	in, out  *os.File
}

func (p *piped) Read(b []byte) (int, error)         { return p.in.Read(b) }
func (p *piped) Write(b []byte) (int, error)        { return p.out.Write(b) }
func (p *piped) SetReadDeadline(t time.Time) error  { return p.in.SetReadDeadline(t) }
func (p *piped) SetWriteDeadline(t time.Time) error { return p.out.SetWriteDeadline(t) }
func (p *piped) Close() error                       { return errors.Join(p.in.Close(), p.out.Close()) }

func (p *pipe) session(t testing.TB) *Session {
	t.Helper()
	s, err := Dial(context.Background(), local(mail.Insecure), "", Options{Dial: p.Dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// rich is a message whose structure has some depth.
const rich = "From: Änne <anne@example.org>\r\nTo: anna@example.org, Bob <bob@example.org>\r\nCc: c@example.org\r\nSubject: number %d\r\nMessage-ID: <%d@example.org>\r\n" +
	"References: <0@example.org>\r\nDate: Mon, 02 Jan 2006 15:04:05 -0700\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n--x\r\nContent-Type: application/pdf; name=a.pdf\r\n" +
	"Content-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--x--\r\n"

func TestDovecot(t *testing.T) {
	p := dovecot(t)
	s := p.session(t)
	ctx := t.Context()
	if c := s.Caps(); !c.CondStore || !c.Move || !c.ESearch || !c.ListStatus || c.Gmail {
		t.Errorf("caps = %+v", c)
	}
	for i := 1; i <= 3; i++ {
		if uid := add(t, s, "INBOX", fmt.Sprintf(rich, i, i), mail.Seen); uid != mail.UID(i) {
			t.Fatalf("appended as %d", uid)
		}
	}
	if err := s.Create(ctx, "Entwürfe & mehr"); err != nil {
		t.Fatal(err)
	}
	list, err := s.List(ctx)
	if err != nil || len(list) != 3 {
		t.Fatalf("List = %+v, %v", list, err)
	}
	for _, m := range list {
		switch {
		case m.Status == nil, m.Name == "INBOX" && (m.Role != mail.Inbox || m.Status.Messages != 3), m.Name == "Gesendet" && m.Role != mail.Sent:
			t.Errorf("listed %+v, %+v", m, m.Status)
		}
	}
	selected, err := s.Select(ctx, "INBOX")
	if err != nil || selected.Exists != 3 || selected.HighestModSeq == 0 || selected.UIDNext != 4 {
		t.Fatalf("Select = %+v, %v", selected, err)
	}
	uids, err := s.UIDs(ctx)
	if err != nil || uids.String() != "1:3" {
		t.Fatalf("UIDs = %v, %v", uids, err)
	}
	headers := fetchAll(t, s, uids)
	if len(headers) != 3 || headers[2].Envelope.Subject != "number 3" || headers[2].ModSeq == 0 ||
		sketch(headers[2].Structure) != " multipart/mixed [1 text/plain] [2 application/pdf a.pdf]" {
		t.Fatalf("headers = %+v", headers)
	}
	t.Run("flags changed since", func(t *testing.T) { changedSince(t, p, s, selected.HighestModSeq) })
	t.Run("parts", func(t *testing.T) {
		parts, err := s.Parts(ctx, 2, []string{"1", "2", "2.MIME"})
		if err != nil || string(parts["1"]) != "Hello" || string(parts["2"]) != "AAAA" || !strings.Contains(string(parts["2.MIME"]), "a.pdf") {
			t.Errorf("Parts = %q, %v", parts, err)
		}
		whole := fmt.Sprintf(rich, 2, 2)
		if raw, err := s.Part(ctx, 2, "", 10, 20); err != nil || string(raw) != whole[10:30] {
			t.Errorf("Part = %q, %v", raw, err)
		}
		if raw, err := s.Part(ctx, 2, "", int64(len(whole))+5, 20); err != nil || len(raw) != 0 {
			t.Errorf("Part beyond the end = %q, %v", raw, err)
		}
	})
	t.Run("move and delete", func(t *testing.T) {
		m, err := s.Move(ctx, mail.NewUIDSet(1, 2), "Entwürfe & mehr")
		if err != nil || !m.Known || len(m.Pairs) != 2 || m.Pairs[2] == 0 {
			t.Errorf("Move = %+v, %v", m, err)
		}
		if m, err := s.Move(ctx, mail.NewUIDSet(1, 2), "Entwürfe & mehr"); err != nil || m.Known {
			t.Errorf("Move of what is gone = %+v, %v", m, err)
		}
		if _, err := s.Move(ctx, mail.NewUIDSet(3), "nowhere"); mail.KindOf(err) != mail.Gone {
			t.Errorf("Move to nowhere: %v", err)
		}
		if gone, err := s.Expunge(ctx, mail.NewUIDSet(3)); err != nil || !gone {
			t.Errorf("Expunge = %v, %v", gone, err)
		}
		if changed, err := s.Noop(ctx); changed || err != nil {
			t.Errorf("our own changes were news: %v, %v", changed, err)
		}
		if _, st := s.Selected(); st.Exists != 0 {
			t.Errorf("exists = %d", st.Exists)
		}
	})
	t.Run("idle", func(t *testing.T) {
		if changed, err := s.Idle(ctx, time.Millisecond); changed || err != nil {
			t.Errorf("nothing happened: %v, %v", changed, err)
		}
		other := p.session(t)
		add(t, other, "INBOX", letter, 0)
		if changed, err := s.Idle(ctx, time.Minute); !changed || err != nil {
			t.Errorf("new mail: %v, %v", changed, err)
		}
	})
}

func changedSince(t *testing.T, p *pipe, s *Session, since mail.ModSeq) {
	other := p.session(t)
	if _, err := other.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	if err := other.StoreFlags(t.Context(), mail.NewUIDSet(2), true, mail.Flagged, "blue"); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Noop(t.Context()); !changed || err != nil {
		t.Errorf("Noop = %v, %v", changed, err)
	}
	var got []mail.FlagUpdate
	if err := s.Flags(t.Context(), nil, since, func(u mail.FlagUpdate) error { got = append(got, u); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].UID != 2 || got[0].Flags != mail.Seen|mail.Flagged || got[0].Keywords != "blue" || got[0].ModSeq <= since {
		t.Errorf("changed = %+v", got)
	}
}

// BenchmarkHeaders fetches 10,000 headers; "times-raw" is how much longer that takes than sending the same command
// on a bare socket and throwing the octets away.
func BenchmarkHeaders(b *testing.B) {
	const n = 10_000
	p := dovecot(b)
	s := p.session(b)
	for i := 1; i <= n; i++ {
		add(b, s, "INBOX", fmt.Sprintf(rich, i, i), 0)
	}
	if _, err := s.Select(b.Context(), "INBOX"); err != nil {
		b.Fatal(err)
	}
	all := mail.UIDSet{{Lo: 1, Hi: n}}
	raw := rawFetch(b, p) // warms the server's cache
	var ours, bare time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		count := 0
		if err := s.Headers(b.Context(), all, func(mail.Header) error { count++; return nil }); err != nil || count != n {
			b.Fatal(count, err)
		}
		ours += time.Since(start)
		bare += raw()
	}
	b.ReportMetric(float64(ours)/float64(bare), "times-raw")
	b.ReportMetric(float64(ours.Microseconds())/float64(b.N)/n, "µs/message")
}

func rawFetch(b *testing.B, p *pipe) func() time.Duration {
	conn, err := p.Dial(b.Context(), "", "")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	in := bufio.NewReaderSize(conn, 64<<10)
	say := func(command string) time.Duration {
		start := time.Now()
		if _, err := io.WriteString(conn, "x "+command+"\r\n"); err != nil {
			b.Fatal(err)
		}
		for {
			line, err := in.ReadSlice('\n')
			if err != nil && err != bufio.ErrBufferFull {
				b.Fatal(err)
			}
			if bytes.HasPrefix(line, []byte("x OK")) {
				return time.Since(start)
			}
		}
	}
	say("SELECT INBOX")
	fetch := "UID FETCH 1:* " + headerItems + " BODYSTRUCTURE" + headerBody
	say(fetch)
	return func() time.Duration { return say(fetch) }
}
