package imap

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"posthorn/mail"
)

// slowly is a server that answers SELECT with a piece every 20 seconds, without end or until it is done.
func slowly(t *testing.T, piece string, done int) (took time.Duration, err error) {
	t.Helper()
	client, server := net.Pipe()
	var ended sync.WaitGroup
	defer ended.Wait()
	ended.Go(func() {
		in := bufio.NewReader(server)
		io.WriteString(server, "* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n")
		line, _ := in.ReadString('\n')
		tag, _, _ := strings.Cut(line, " ")
		for i := 0; done == 0 || i < done; i++ {
			time.Sleep(20 * time.Second) // of the bubble's clock
			if _, err := io.WriteString(server, piece); err != nil {
				return
			}
		}
		io.WriteString(server, tag+" OK selected\r\n")
	})
	s, err := Dial(t.Context(), local(mail.Insecure), "secret", Options{
		Dial: func(context.Context, string, string) (net.Conn, error) { return client, nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	defer s.Close()
	time.Sleep(time.Hour) // between two commands nobody counts
	began := time.Now()
	_, err = s.Select(t.Context(), "INBOX")
	return time.Since(began), err
}

// The clock is that of a bubble: half an hour of waiting takes no time.
func TestADripEndsAndASlowLineDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took, err := slowly(t, "x", 0)
		if mail.KindOf(err) != mail.Offline || took != slowest*defaultPatience {
			t.Errorf("a drip: %v after %v", err, took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		if took, err := slowly(t, "* OK "+strings.Repeat("still at it ", 10)+"\r\n", 90); err != nil || took != 30*time.Minute {
			t.Errorf("a slow line: %v after %v", err, took)
		}
	})
}
