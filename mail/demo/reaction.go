package demo

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"mime"
	netmail "net/mail"
	"strings"
	"time"

	"posthorn/mail"
)

// answer is a friend's answer. // RFC 5322 §3.6.4
func answer(friend, to mail.Address, original netmail.Header, now time.Time) []byte {
	id := original.Get("Message-ID")
	references := strings.Join(strings.Fields(original.Get("References")+" "+id), "\r\n ")
	head := []string{
		"Date: " + now.Format(time.RFC1123Z), "From: " + encode(friend), "To: " + encode(to),
		"Subject: " + mime.QEncoding.Encode("utf-8", mail.ReplySubject(decode(original.Get("Subject")))),
		"Message-ID: <" + rand.Text() + "@" + friend.Domain + ">",
	}
	if id != "" {
		head = append(head, "In-Reply-To: "+id, "References: "+references)
	}
	head = append(head, "Auto-Submitted: auto-replied", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
		"Content-Transfer-Encoding: 8bit")
	name, _, _ := strings.Cut(friend.Display(), " ")
	text := fmt.Sprintf(`Dear Robin,

your message has come, and I have read it twice. Give me a day or two for a
proper answer.

%s

(This is the demo: whoever appears in its mail answers like this, and nothing
you write has left this machine.)
`, name)
	return message(head, text)
}

// bounce says that a message could not be delivered. // RFC 3464
func bounce(to mail.Address, failed string, raw []byte, now time.Time) []byte {
	host := "mx." + to.Domain
	reason := fmt.Sprintf("550 5.1.1 <%s>: there is nobody of that name here", failed)
	if domain := failed[strings.LastIndexByte(failed, '@')+1:]; !strings.HasSuffix(strings.ToLower(domain), ".example") {
		reason = "550 5.7.1 This is the demo: mail does not leave this machine"
	}
	boundary := "=_" + rand.Text()
	head := []string{
		"Date: " + now.Format(time.RFC1123Z), "From: Mail Delivery System <mailer-daemon@" + host + ">", "To: " + encode(to),
		"Subject: Undelivered Mail Returned to Sender", "Message-ID: <" + rand.Text() + "@" + host + ">",
		"Auto-Submitted: auto-replied", "MIME-Version: 1.0",
		"Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"" + boundary + `"`,
	}
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return message(head, fmt.Sprintf(`--%[1]s
Content-Type: text/plain; charset=utf-8

This is the mail system at host %[2]s.

I am sorry to have to tell you that your message could not be delivered to
one of its recipients.

<%[3]s>: %[4]s

--%[1]s
Content-Type: message/delivery-status

Reporting-MTA: dns; %[2]s

Final-Recipient: rfc822; %[3]s
Action: failed
Status: %[5]s
Diagnostic-Code: smtp; %[4]s

--%[1]s
Content-Type: text/rfc822-headers

%[6]s

--%[1]s--
`, boundary, host, failed, reason, strings.Fields(reason)[1], strings.ReplaceAll(string(header), "\r\n", "\n")))
}

// encode is an address for a header.
func encode(a mail.Address) string {
	return (&netmail.Address{Name: a.Name, Address: a.Addr()}).String()
}

func message(head []string, text string) []byte {
	return []byte(strings.Join(head, "\r\n") + "\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n"))
}
