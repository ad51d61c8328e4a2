package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"posthorn/cache"
	"posthorn/mail"
)

// A second posthorn on the same data says who holds it, and may look.
func TestASecondPosthornIsRefusedOrLooks(t *testing.T) {
	data := t.TempDir()
	store, err := cache.Open(t.Context(), filepath.Join(data, "posthorn"), cache.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.SetMailboxes(t.Context(), "home", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}); err != nil {
		t.Fatal(err)
	}
	inbox, _, err := store.MailboxFor(t.Context(), "home", mail.Inbox)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Add(t.Context(), inbox.Key, []mail.Header{{UID: 1, Received: time.Now(), Size: 100,
		Envelope: mail.Envelope{Subject: "Held by the first"}}}, cache.Marks{}); err != nil {
		t.Fatal(err)
	}
	nowhere := mail.Endpoint{Host: "127.0.0.1", Port: 1, Security: mail.TLS, User: "anna"}
	account := mail.Account{Name: "home", Address: "anna@example.org", IMAP: nowhere, SMTP: nowhere}
	program, config := build(t), writeConfig(t, []mail.Account{account})

	t.Setenv("XDG_DATA_HOME", data)
	var said bytes.Buffer
	code := run(t.Context(), []string{"-config", config}, io.Discard, &said)
	want := fmt.Sprintf("posthorn: another posthorn is using this data (process %d): work there or quit it first, or look at the mail with posthorn -read-only\n", os.Getpid())
	if code != exitError || said.String() != want {
		t.Errorf("exit code %d, said %q, want %q", code, said.String(), want)
	}

	look := exec.Command(program, "-config", config, "-read-only")
	x := runInTerminal(t, look)
	x.sees("Held by the first")
	x.types("s")
	x.sees("was started with -read-only")
	x.types("q")
	if code := x.ends(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}
