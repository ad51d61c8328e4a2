package cache

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"posthorn/mail"
)

// victim names the folder for the process that TestAKilledProcessLosesNothingItAcknowledged kills.
const victim = "POSTHORN_TEST_VICTIM"

// TestAKilledProcessLosesNothingItAcknowledged kills a process that writes, anywhere in its work, again and again.
func TestAKilledProcessLosesNothingItAcknowledged(t *testing.T) {
	if dir := os.Getenv(victim); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(3, 4))
	acknowledged := map[string]bool{}
	for range 8 {
		runAndKill(t, dir, 1+random.IntN(60), acknowledged)
		s, err := Open(context.Background(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Recovered() != "" {
			t.Errorf("it was called damaged: %s", s.Recovered())
		}
		drafts, err := s.Drafts(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, d := range drafts {
			found[d.Data] = true
		}
		wishes, _, err := s.Waiting(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for word := range acknowledged {
			if !found[word] {
				t.Errorf("draft %s is lost", word)
			}
		}
		if wishes < len(acknowledged) {
			t.Errorf("%d wishes are left of %d", wishes, len(acknowledged))
		}
		if err := s.Close(); err != nil { // checks
			t.Fatal(err)
		}
	}
	if len(acknowledged) < 8 {
		t.Errorf("only %d writes were acknowledged", len(acknowledged))
	}
}

// runAndKill starts the writer and kills it after n acknowledgements, which it notes.
func runAndKill(t *testing.T, dir string, n int, acknowledged map[string]bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), victim+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		word, ok := strings.CutPrefix(lines.Text(), "kept ")
		if !ok {
			t.Errorf("the writer says: %s", lines.Text())
			continue
		}
		acknowledged[word] = true
		if n--; n == 0 {
			cmd.Process.Kill() // what is still in the pipe was acknowledged too: read on
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the writer ended by itself")
	}
}

// writeUntilKilled stores headers, a draft and a wish, and acknowledges them, until it is killed.
func writeUntilKilled(t *testing.T, dir string) {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetMailboxes(ctx, "home", []mail.Listed{{Name: "INBOX", Role: mail.Inbox}}); err != nil {
		t.Fatal(err)
	}
	inbox, _, err := s.MailboxFor(ctx, "home", mail.Inbox)
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.SyncState(ctx, inbox.Key)
	if err != nil {
		t.Fatal(err)
	}
	for n := int(state.UIDNext) + 1; ; n += 20 {
		next := mail.UID(n + 20)
		keys, err := s.Add(ctx, inbox.Key, headers(n, n+19), Marks{UIDNext: &next})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Wish(ctx, Wish{What: "read", Changes: []mail.Targeted{{Message: keys[0], Change: read}}}); err != nil {
			t.Fatal(err)
		}
		word := fmt.Sprint(n)
		if _, err := s.SaveDraft(ctx, Saved{Account: "home", Data: word}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("kept", word)
	}
}
