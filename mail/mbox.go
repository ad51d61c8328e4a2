package mail

import (
	"bytes"
	"time"
)

// AppendMbox appends a message to the text of a mailbox file in the form "mboxrd": a line that says who sent it and when
// it arrived, the message with LF line ends and one more ">" before every line that could be taken for such a line, and
// an empty line. // RFC 4155 appendix A
func AppendMbox(to []byte, from Address, received time.Time, raw []byte) []byte {
	sender := from.Addr()
	if sender == "" || bytes.ContainsAny([]byte(sender), " \t\r\n") {
		sender = "MAILER-DAEMON"
	}
	to = append(to, "From "+Line(sender)+" "+received.UTC().Format(time.ANSIC)+"\n"...)
	for line := range bytes.Lines(raw) {
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			to = append(to, '>')
		}
		to = append(append(to, line...), '\n')
	}
	return append(to, '\n')
}
