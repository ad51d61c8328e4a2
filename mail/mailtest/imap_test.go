package mailtest_test

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"posthorn/mail"
	"posthorn/mail/mailtest"
)

const letter = "From: Anna <anna@home.example>\r\nTo: ben@work.example\r\nSubject: Hello\r\nMessage-ID: <1@home.example>\r\n" +
	"Date: Mon, 02 Jan 2006 15:04:05 +0000\r\n\r\nGood morning\r\n"

// server has one user, anna with password "secret".
func server(t testing.TB, without ...imap.Cap) (*mailtest.Server, *mailtest.User) {
	t.Helper()
	s, err := mailtest.NewServer(without...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, s.AddUser("anna", "secret")
}

// updates is what a client is told unasked.
type updates chan string

func client(t testing.TB, u *mailtest.User, mailbox string) (*imapclient.Client, updates) {
	t.Helper()
	heard := make(updates, 100)
	c, err := imapclient.DialInsecure(u.Account("a", "anna@home.example", mail.Endpoint{}).IMAP.Address(), &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Expunge: func(uint32) { heard <- "EXPUNGE" },
			Mailbox: func(d *imapclient.UnilateralDataMailbox) {
				if d.NumMessages != nil {
					heard <- "EXISTS"
				}
			},
			Fetch: func(d *imapclient.FetchMessageData) {
				if m, err := d.Collect(); err == nil {
					heard <- "FETCH " + flags(m.Flags)
				}
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	check(t, c.Login("anna", "secret").Wait())
	if mailbox != "" {
		_, err := c.Select(mailbox, nil).Wait()
		check(t, err)
	}
	return c, heard
}

func flags(list []imap.Flag) string {
	var out []string
	for _, f := range list {
		out = append(out, string(f))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func stored(u *mailtest.User, mailbox string) string {
	var out []string
	for _, m := range u.Messages(mailbox) {
		out = append(out, strings.Join(m.Flags, " "))
	}
	return strings.Join(out, "; ")
}

func TestListTellsHierarchySpecialUseAndStatus(t *testing.T) {
	_, u := server(t)
	u.Create("Trash", mail.Trash)
	u.Create("Häuser/Zürich", mail.NoRole)
	u.Append("INBOX", []byte(letter), time.Time{})
	c, _ := client(t, u, "")
	list, err := c.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true, NumUnseen: true, UIDNext: true}}).Collect()
	check(t, err)
	names := map[string]*imap.ListData{}
	for _, l := range list {
		names[l.Mailbox] = l
	}
	if len(list) != 4 || names["Häuser/Zürich"] == nil || names["Trash"] == nil {
		t.Fatalf("LIST = %v", names)
	}
	if !slices.Contains(names["Trash"].Attrs, imap.MailboxAttrTrash) || !slices.Contains(names["Häuser"].Attrs, imap.MailboxAttrHasChildren) {
		t.Errorf("attributes: %v, %v", names["Trash"].Attrs, names["Häuser"].Attrs)
	}
	if st := names["INBOX"].Status; st == nil || *st.NumMessages != 1 || *st.NumUnseen != 1 || st.UIDNext != 2 {
		t.Errorf("STATUS of INBOX = %+v", st)
	}
}

func TestKeywordsKeepTheirCase(t *testing.T) {
	_, u := server(t)
	u.Append("INBOX", []byte(letter), time.Time{})
	c, _ := client(t, u, "INBOX")
	store := func(op imap.StoreFlagsOp, f imap.Flag) {
		check(t, c.Store(imap.UIDSetNum(1), &imap.StoreFlags{Op: op, Silent: true, Flags: []imap.Flag{f}}, nil).Close())
	}
	store(imap.StoreFlagsAdd, "Project-X")
	store(imap.StoreFlagsAdd, "project-x")
	store(imap.StoreFlagsAdd, imap.FlagFlagged)
	if got := stored(u, "INBOX"); got != `Project-X \Flagged` {
		t.Errorf("flags = %s", got)
	}
	store(imap.StoreFlagsDel, "PROJECT-X")
	if got := stored(u, "INBOX"); got != `\Flagged` {
		t.Errorf("flags = %s", got)
	}
}

func TestIdleTellsWhatOthersDo(t *testing.T) {
	_, u := server(t)
	first := u.Append("INBOX", []byte(letter), time.Time{})
	c, heard := client(t, u, "INBOX")
	u.Append("INBOX", []byte(letter), time.Time{}) // before IDLE: told when it begins
	idle, err := c.Idle()
	check(t, err)
	expect := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			if got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
		case <-t.Context().Done():
			t.Fatalf("heard nothing, want %q", want)
		}
	}
	expect("EXISTS")
	u.Append("INBOX", []byte(letter), time.Time{})
	expect("EXISTS")
	other, _ := client(t, u, "INBOX")
	check(t, other.Store(imap.UIDSetNum(imap.UID(first)), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close())
	expect(`FETCH \Seen`)
	u.Expunge("INBOX", first)
	expect("EXPUNGE")
	check(t, idle.Close())
	check(t, idle.Wait())
	if n := c.Mailbox().NumMessages; n != 2 {
		t.Errorf("the client counts %d messages, want 2", n)
	}
}

func TestMoveCopyAndExpungeTellTheNewUIDs(t *testing.T) {
	_, u := server(t)
	u.Create("Archive", mail.Archive)
	for range 3 {
		u.Append("INBOX", []byte(letter), time.Time{}, imap.FlagSeen)
	}
	u.SetFlags("INBOX", 3, true, imap.FlagDeleted)
	c, _ := client(t, u, "INBOX")
	copied, err := c.Copy(imap.UIDSetNum(2), "Archive").Wait()
	check(t, err)
	if copied.SourceUIDs.String() != "2" || copied.DestUIDs.String() != "1" {
		t.Errorf("COPYUID = %+v", copied)
	}
	moved, err := c.Move(imap.UIDSetNum(1), "Archive").Wait()
	check(t, err)
	if moved.SourceUIDs.(imap.UIDSet).String() != "1" || moved.DestUIDs.(imap.UIDSet).String() != "2" {
		t.Errorf("COPYUID = %+v", moved)
	}
	check(t, c.Store(imap.UIDSetNum(2), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close())
	check(t, c.UIDExpunge(imap.UIDSetNum(2)).Close())
	if got := stored(u, "INBOX"); got != `\Deleted \Seen` {
		t.Errorf("INBOX has %q, want the deleted one of another client", got)
	}
	if got := stored(u, "Archive"); got != `\Seen; \Seen` {
		t.Errorf("Archive has %q", got)
	}
	if _, err := c.Move(imap.UIDSetNum(3), "nowhere").Wait(); err == nil || !strings.Contains(err.Error(), "TRYCREATE") {
		t.Errorf("a move to nowhere: %v", err)
	}
}

func TestNumbersOfOneSessionOutliveTheDeedsOfAnother(t *testing.T) {
	_, u := server(t)
	for range 4 {
		u.Append("INBOX", []byte(letter), time.Time{})
	}
	c, _ := client(t, u, "INBOX")
	u.Expunge("INBOX", 2)
	u.Append("INBOX", []byte(letter), time.Time{})
	list, err := c.Fetch(imap.SeqSetNum(4), &imap.FetchOptions{UID: true}).Collect()
	check(t, err)
	if len(list) != 1 || list[0].UID != 4 {
		t.Errorf("message 4 is %v, want UID 4", list)
	}
	check(t, c.Noop().Wait())
	list, err = c.Fetch(imap.SeqSetNum(4), &imap.FetchOptions{UID: true}).Collect()
	check(t, err)
	if len(list) != 1 || list[0].UID != 5 {
		t.Errorf("after NOOP message 4 is %v, want UID 5", list)
	}
}

func TestSearchFindsByHeaderTextAndSize(t *testing.T) {
	_, u := server(t)
	u.Append("INBOX", []byte(letter), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	u.Append("INBOX", []byte(strings.Replace(letter, "<1@", "<2@", 1)+strings.Repeat("x", 1000)), time.Time{}, imap.FlagSeen)
	c, _ := client(t, u, "INBOX")
	for name, test := range map[string]struct {
		want     string
		criteria imap.SearchCriteria
	}{
		"all":        {"1:2", imap.SearchCriteria{}},
		"message id": {"2", imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: "2@home.example"}}}},
		"from":       {"1:2", imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "From", Value: "ANNA"}}}},
		"body":       {"1:2", imap.SearchCriteria{Body: []string{"good MORNING"}}},
		"text":       {"1:2", imap.SearchCriteria{Text: []string{"hello"}}},
		"larger":     {"2", imap.SearchCriteria{Larger: 1000}},
		"seen":       {"2", imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}}},
		"not seen":   {"1", imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}}},
		"before":     {"1", imap.SearchCriteria{Before: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)}},
		"last":       {"2", imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 7, Stop: 0}}}}},
		"nothing":    {"", imap.SearchCriteria{Body: []string{"good evening"}}},
	} {
		data, err := c.UIDSearch(&test.criteria, &imap.SearchOptions{ReturnAll: true}).Wait()
		check(t, err)
		got := ""
		if data.All != nil {
			got = data.All.String()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestFetchingTheTextMarksAsReadAndPeekingDoesNot(t *testing.T) {
	_, u := server(t)
	u.Append("INBOX", []byte(letter), time.Time{})
	c, _ := client(t, u, "INBOX")
	fetch := func(peek bool) string {
		list, err := c.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierText, Peek: peek}}}).Collect()
		check(t, err)
		if len(list) != 1 || string(list[0].BodySection[0].Bytes) != "Good morning\r\n" {
			t.Errorf("fetched %+v", list)
		}
		return stored(u, "INBOX")
	}
	if got := fetch(true); got != "" {
		t.Errorf("flags after a peek: %s", got)
	}
	if got := fetch(false); got != `\Seen` {
		t.Errorf("flags after reading: %s", got)
	}
}

func TestWhatTheServerIsToLackIsNotOfferedAndNotDone(t *testing.T) {
	_, u := server(t, imap.CapIdle, imap.CapMove, imap.CapUIDPlus, imap.CapSpecialUse, imap.CapListStatus, imap.CapESearch)
	u.Create("Trash", mail.Trash)
	u.Append("INBOX", []byte(letter), time.Time{})
	c, _ := client(t, u, "INBOX")
	for have := range c.Caps() {
		if slices.Contains([]imap.Cap{"IDLE", "MOVE", "UIDPLUS", "SPECIAL-USE", "LIST-STATUS", "ESEARCH"}, have) {
			t.Errorf("%s is offered", have)
		}
	}
	if !c.Caps().Has(imap.CapIMAP4rev1) || !c.Caps().Has(imap.CapNamespace) {
		t.Errorf("capabilities = %v", c.Caps())
	}
	copied, err := c.Copy(imap.UIDSetNum(1), "Trash").Wait()
	check(t, err)
	if copied.UIDValidity != 0 {
		t.Errorf("COPYUID without UIDPLUS: %+v", copied)
	}
	list, err := c.List("", "Trash", nil).Collect()
	check(t, err)
	if len(list) != 1 || slices.Contains(list[0].Attrs, imap.MailboxAttrTrash) {
		t.Errorf("LIST = %+v", list)
	}
}

func TestRenumberGivesNewUIDsAndCutsWhoHasTheMailboxOpen(t *testing.T) {
	_, u := server(t)
	u.Append("INBOX", []byte(letter), time.Time{}, imap.FlagFlagged)
	c, _ := client(t, u, "INBOX")
	before, err := c.Status("INBOX", &imap.StatusOptions{UIDValidity: true}).Wait()
	check(t, err)
	u.Renumber("INBOX")
	<-c.Closed()
	c, _ = client(t, u, "")
	after, err := c.Status("INBOX", &imap.StatusOptions{UIDValidity: true, UIDNext: true}).Wait()
	check(t, err)
	if after.UIDValidity == before.UIDValidity || after.UIDNext != 1001 || stored(u, "INBOX") != `\Flagged` {
		t.Errorf("STATUS before %+v, after %+v", before, after)
	}
}

func TestMailboxesAreMadeRenamedAndRemoved(t *testing.T) {
	_, u := server(t)
	c, _ := client(t, u, "")
	check(t, c.Create("A/B/C", nil).Wait())
	check(t, c.Create("Gone", &imap.CreateOptions{SpecialUse: []imap.MailboxAttr{imap.MailboxAttrTrash}}).Wait())
	check(t, c.Rename("A", "D", nil).Wait())
	check(t, c.Delete("D/B/C").Wait())
	if err := c.Delete("D").Wait(); err == nil {
		t.Error("a mailbox with others below it was removed")
	}
	if got := strings.Join(u.Mailboxes(), " "); got != "D D/B Gone INBOX" {
		t.Errorf("mailboxes = %s", got)
	}
	check(t, c.Unsubscribe("D").Wait())
	list, err := c.List("", "%", &imap.ListOptions{SelectSubscribed: true}).Collect()
	check(t, err)
	if len(list) != 2 {
		t.Errorf("subscribed: %d, want INBOX and Gone", len(list))
	}
}

func TestCommandsOnTheWireAreCountedOnceEach(t *testing.T) {
	s, u := server(t)
	c, _ := client(t, u, "INBOX")
	msg := letter + "a1 STORE 1 FLAGS ()\r\n" // what is in a literal is no command
	a := c.Append("INBOX", int64(len(msg)), nil)
	_, err := a.Write([]byte(msg))
	check(t, err)
	check(t, a.Close())
	_, err = a.Wait()
	check(t, err)
	idle, err := c.Idle()
	check(t, err)
	check(t, idle.Close())
	check(t, idle.Wait())
	check(t, c.Store(imap.UIDSetNum(1), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close())
	commands := s.Commands()
	if i := slices.Index(commands, "LOGIN"); i < 0 || !slices.Equal(commands[i+1:], []string{"CAPABILITY", "SELECT", "APPEND", "IDLE", "UID STORE"}) && !slices.Equal(commands[i+1:], []string{"SELECT", "APPEND", "IDLE", "UID STORE"}) {
		t.Errorf("commands = %v", commands)
	}
	if got := mailtest.Changing(commands); !slices.Equal(got, []string{"APPEND", "UID STORE"}) {
		t.Errorf("changing = %v", got)
	}
}

func TestDropCutsWhoIsThereAndTakesNewOnes(t *testing.T) {
	s, u := server(t)
	c, _ := client(t, u, "INBOX")
	s.Drop()
	<-c.Closed()
	c, _ = client(t, u, "INBOX")
	check(t, c.Noop().Wait())
}

func TestMailThatDidNotComeWhollyIsNotKept(t *testing.T) {
	s, u := server(t)
	conn, err := net.Dial("tcp", u.Account("a", "anna@home.example", mail.Endpoint{}).IMAP.Address())
	check(t, err)
	_, err = conn.Write([]byte("a LOGIN anna secret\r\nb APPEND INBOX {1000+}\r\n" + letter))
	check(t, err)
	conn.(*net.TCPConn).CloseWrite()
	_, _ = conn.Read(make([]byte, 1))
	for buf := make([]byte, 1000); err == nil; { // until the server hangs up
		_, err = conn.Read(buf)
	}
	if n := len(u.Messages("INBOX")); n != 0 || !slices.Contains(s.Commands(), "APPEND") {
		t.Errorf("INBOX has %d messages; commands %v", n, s.Commands())
	}
}
