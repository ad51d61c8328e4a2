package imap

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"posthorn/mail"
)

// memory is an in-process server with one user and an INBOX; further tells the capabilities beside IMAP4rev1.
func memory(t testing.TB, further ...imap.Cap) (mail.Account, *imapmemserver.User) {
	t.Helper()
	caps := imap.CapSet{imap.CapIMAP4rev1: {}}
	for _, c := range further {
		caps[c] = struct{}{}
	}
	user := imapmemserver.NewUser("anna", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	backend := imapmemserver.New()
	backend.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return backend.NewSession(), nil, nil
		},
		Caps: caps, InsecureAuth: true,
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	port := l.Addr().(*net.TCPAddr).Port
	return mail.Account{Name: "test", Address: "anna@example.org",
		IMAP: mail.Endpoint{Host: "127.0.0.1", Port: port, Security: mail.Insecure, User: "anna"}}, user
}

func dial(t testing.TB, a mail.Account) *Session {
	t.Helper()
	s, err := Dial(t.Context(), a, "secret", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

const letter = "From: Änne <anne@example.org>\r\nTo: anna@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" +
	"Message-ID: <1@example.org>\r\nDate: Mon, 02 Jan 2006 15:04:05 -0700\r\n\r\nHello\r\n"

func add(t testing.TB, s *Session, mailbox, raw string, f mail.Flags) mail.UID {
	t.Helper()
	_, uid, err := s.Append(t.Context(), mailbox, f, time.Unix(1700000000, 0), []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

var modern = []imap.Cap{imap.CapMove, imap.CapUIDPlus, imap.CapESearch, imap.CapIdle, imap.CapListExtended, imap.CapListStatus, imap.CapSpecialUse}

func TestMailIsAppendedListedFetchedMarkedMovedAndDeleted(t *testing.T) {
	for name, caps := range map[string][]imap.Cap{"modern": modern, "old": nil} {
		t.Run(name, func(t *testing.T) { lifecycle(t, caps) })
	}
}

func lifecycle(t *testing.T, caps []imap.Cap) {
	a, _ := memory(t, caps...)
	s := dial(t, a)
	ctx := t.Context()
	if err := s.Create(ctx, "Entwürfe & mehr"); err != nil {
		t.Fatal(err)
	}
	add(t, s, "INBOX", letter, mail.Seen)
	add(t, s, "INBOX", strings.Replace(letter, "<1@", "<2@", 1), 0)
	list, err := s.List(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("List = %v, %v", list, err)
	}
	for _, m := range list {
		if m.NoSelect || m.Name != "INBOX" && m.Name != "Entwürfe & mehr" {
			t.Errorf("listed %+v", m)
		}
	}
	if st, err := s.Status(ctx, "INBOX"); err != nil || st.Messages != 2 || st.Unseen != 1 || st.UIDNext != 3 {
		t.Errorf("Status = %+v, %v", st, err)
	}
	st, err := s.Select(ctx, "INBOX")
	if err != nil || st.Exists != 2 || st.UIDNext != 3 || st.UIDValidity == 0 || st.ReadOnly {
		t.Fatalf("Select = %+v, %v", st, err)
	}
	uids, err := s.UIDs(ctx)
	if err != nil || uids.String() != "1:2" {
		t.Fatalf("UIDs = %v, %v", uids, err)
	}
	if found, err := s.FindMessageID(ctx, "2@example.org"); err != nil || found.String() != "2" {
		t.Errorf("FindMessageID = %v, %v", found, err)
	}
	fetches(t, s, uids)
	if err := s.StoreFlags(ctx, uids, true, mail.Flagged|mail.Forwarded, "blue"); err != nil {
		t.Fatal(err)
	}
	if err := s.StoreFlags(ctx, mail.NewUIDSet(1), false, mail.Seen, ""); err != nil {
		t.Fatal(err)
	}
	got := map[mail.UID]mail.FlagUpdate{}
	if err := s.Flags(ctx, nil, 0, func(u mail.FlagUpdate) error { got[u.UID] = u; return nil }); err != nil {
		t.Fatal(err)
	}
	if got[1].Flags != mail.Flagged|mail.Forwarded || got[1].Keywords != "blue" || got[2].Flags != mail.Flagged|mail.Forwarded {
		t.Errorf("flags = %+v", got)
	}
	leaves(t, s)
}

func fetches(t *testing.T, s *Session, uids mail.UIDSet) {
	var headers []mail.Header
	err := s.Headers(t.Context(), uids, func(h mail.Header) error { headers = append(headers, h); return nil })
	if err != nil || len(headers) != 2 {
		t.Fatalf("Headers = %v, %v", headers, err)
	}
	h := headers[0]
	if h.UID != 1 || h.Flags != mail.Seen || h.Size != int64(len(letter)) || h.Received.Unix() != 1700000000 {
		t.Errorf("header = %+v", h)
	}
	if h.Envelope.Subject != "Grüße" || h.Envelope.MessageID != "1@example.org" || h.Envelope.FromText() != "Änne" {
		t.Errorf("envelope = %+v", h.Envelope)
	}
	if h.Structure == nil || h.Structure.MediaType != "text/plain" || h.Structure.Section != "1" {
		t.Errorf("structure = %+v", h.Structure)
	}
	whole, err := s.Part(t.Context(), 1, "", 0, 0)
	if err != nil || string(whole) != letter {
		t.Errorf("whole = %q, %v", whole, err)
	}
	if piece, err := s.Part(t.Context(), 1, "1", 1, 3); err != nil || string(piece) != "ell" {
		t.Errorf("piece = %q, %v", piece, err)
	}
	parts, err := s.Parts(t.Context(), 2, []string{"1", "HEADER"})
	if err != nil || string(parts["1"]) != "Hello\r\n" || !strings.HasPrefix(string(parts["HEADER"]), "From:") {
		t.Errorf("parts = %q, %v", parts, err)
	}
	if _, err := s.Part(t.Context(), 77, "1", 0, 0); mail.KindOf(err) != mail.Gone {
		t.Errorf("a part of no message: %v", err)
	}
}

func leaves(t *testing.T, s *Session) {
	ctx := t.Context()
	moved, err := s.Move(ctx, mail.NewUIDSet(1), "Entwürfe & mehr")
	if !s.Caps().Move {
		if mail.KindOf(err) != mail.Rejected {
			t.Errorf("Move without MOVE: %v", err)
		}
		if moved, err = s.Copy(ctx, mail.NewUIDSet(1), "Entwürfe & mehr"); err == nil {
			gone, err := s.Expunge(ctx, mail.NewUIDSet(1))
			if gone != s.Caps().UIDPlus || err != nil {
				t.Errorf("Expunge = %v, %v", gone, err)
			}
		}
	}
	if err != nil || !moved.Known || moved.Pairs[1] != 1 || moved.Validity == 0 {
		t.Errorf("moved = %+v, %v", moved, err)
	}
	if _, err := s.Move(ctx, mail.NewUIDSet(2), "nowhere"); s.Caps().Move && mail.KindOf(err) != mail.Gone {
		t.Errorf("Move to nowhere: %v", err)
	}
	if _, _, err := s.Append(ctx, "nowhere", 0, time.Time{}, []byte(strings.Repeat(letter, 100))); mail.KindOf(err) != mail.Gone {
		t.Errorf("Append to nowhere: %v", err)
	}
	gone, err := s.Expunge(ctx, mail.NewUIDSet(2))
	if gone != s.Caps().UIDPlus || err != nil {
		t.Errorf("Expunge = %v, %v", gone, err)
	}
	st, err := s.Status(ctx, "Entwürfe & mehr")
	if err != nil || st.Messages != 1 {
		t.Errorf("Status of the target = %+v, %v", st, err)
	}
}

func TestIdleTellsOfNewMailAndEndsWithItsContext(t *testing.T) {
	for name, caps := range map[string][]imap.Cap{"IDLE": modern, "polling": nil} {
		t.Run(name, func(t *testing.T) {
			a, _ := memory(t, caps...)
			s, other := dial(t, a), dial(t, a)
			s.pause = time.Millisecond
			if _, err := s.Select(t.Context(), "INBOX"); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if changed, err := s.Idle(ctx, time.Minute); changed || err != nil {
				t.Fatalf("Idle with an ended context = %v, %v", changed, err)
			}
			heard, ended := make(chan struct{}), make(chan struct{})
			go func() { // this server forgets what came just before IDLE: so until it is heard
				defer close(ended)
				for {
					select {
					case <-heard:
						return
					default:
						other.Append(context.Background(), "INBOX", 0, time.Time{}, []byte(letter))
					}
				}
			}()
			changed, err := s.Idle(t.Context(), time.Minute)
			close(heard)
			<-ended
			if !changed || err != nil {
				t.Fatalf("Idle = %v, %v", changed, err)
			}
			if _, err := s.Noop(t.Context()); err != nil {
				t.Errorf("Noop after Idle: %v", err)
			}
			if _, st := s.Selected(); st.Exists == 0 {
				t.Errorf("selected = %+v", st)
			}
		})
	}
}

func TestWrongPasswordIsAuth(t *testing.T) {
	a, _ := memory(t)
	_, err := Dial(t.Context(), a, "wrong", Options{})
	if mail.KindOf(err) != mail.Auth {
		t.Errorf("err = %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "wrong") {
		t.Errorf("the error tells the password: %v", err)
	}
}
