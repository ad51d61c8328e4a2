package demo

import (
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"

	"posthorn/mail"
)

// checked is a message as an account's server stores it when it comes in: it notes what it found out about the sender.
// Of senders that are not what they say the samples tell so themselves. // RFC 8601 §5
func checked(account, mailbox string, raw []byte) []byte {
	m, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil || m.Header.Get("Authentication-Results") != "" || slices.Contains([]string{"Sent", "Drafts", "Junk"}, mailbox) {
		return raw
	}
	from, err := netmail.ParseAddress(m.Header.Get("From"))
	if err != nil {
		return raw
	}
	host := ""
	for _, a := range addresses {
		if a.account == account {
			host = "mx." + domain(a.address)
		}
	}
	d := domain(from.Address)
	return append(fmt.Appendf(nil, "Authentication-Results: %s;\r\n dkim=pass header.d=%s;\r\n spf=pass smtp.mailfrom=%s;\r\n dmarc=pass header.from=%s\r\n", host, d, d, d), raw...)
}

func domain(address string) string {
	if list := mail.ParseAddresses(address, nil); len(list) == 1 {
		return list[0].Domain
	}
	return ""
}
