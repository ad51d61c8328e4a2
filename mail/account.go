package mail

import (
	"fmt"
	"net"
	"slices"
	"strings"
)

// Security is how a connection is protected.
type Security string

// The ways to connect. Insecure is for servers on this machine only.
const (
	TLS      Security = "tls"      // TLS from the first byte // RFC 8314 §3
	StartTLS Security = "starttls" // upgraded before anything is said; never silently left out
	Insecure Security = "insecure" // no protection; loopback only
)

// Endpoint is a server and how to reach it.
type Endpoint struct {
	Host     string   `toml:"host"`
	Port     int      `toml:"port"`     // 0: the usual port of the protocol and security
	Security Security `toml:"security"` // empty: tls
	User     string   `toml:"user"`     // empty: the account's address
}

// Address is host:port for dialling.
func (e Endpoint) Address() string { return net.JoinHostPort(e.Host, fmt.Sprint(e.Port)) }

// Loopback tells whether the host is this machine.
func (e Endpoint) Loopback() bool {
	ip := net.ParseIP(e.Host)
	return e.Host == "localhost" || ip != nil && ip.IsLoopback()
}

// Account is one account as configured. Name is its key everywhere: in the database, in events, on screen.
type Account struct {
	Name        string   `toml:"name"`
	Address     string   `toml:"address"`      // what others write to, and the default From
	DisplayName string   `toml:"display_name"` // the person's name beside it
	Aliases     []string `toml:"aliases"`      // further addresses that are this person's, with or without a name; *@domain: all of a domain
	Domains     []string `toml:"domains"`      // of the organisation: who is elsewhere is asked about before sending; empty: nobody

	Signature  string            `toml:"signature"`  // below what is written; empty: none
	Signatures map[string]string `toml:"signatures"` // other ones: see SignatureFor and AllSignatures

	// Where the password comes from; all empty: it is asked for when needed and kept in memory.
	PasswordCommand []string `toml:"password_command"` // program and arguments; its first line of output is the password
	PasswordEnv     string   `toml:"password_env"`     // name of an environment variable
	PasswordKeyring bool     `toml:"password_keyring"` // the OS keyring: service "posthorn", user = account name

	CAFile    string          `toml:"ca_file"` // PEM file of authorities trusted besides the system's; empty: none
	IMAP      Endpoint        `toml:"imap"`
	SMTP      Endpoint        `toml:"smtp"`
	Mailboxes map[Role]string `toml:"mailboxes"` // full names of the mailboxes for a role, where the server's word is missing or wrong
}

// Identities are the addresses the account can write as, the default first, without those that stand for many.
func (a Account) Identities() []Address {
	return slices.DeleteFunc(a.addresses(), func(id Address) bool { return id.Local == anyone })
}

// anyone is the local part of an alias that stands for every address of its domain.
const anyone = "*"

func (a Account) addresses() []Address {
	var out []Address
	for _, s := range append([]string{a.Address}, a.Aliases...) {
		for _, id := range ParseAddresses(s, nil) {
			if id.Name == "" {
				id.Name = a.DisplayName
			}
			out = append(out, id)
		}
	}
	return out
}

// Identity is the account as mail to the address reaches it: an identity, one with a detail behind its local part
// (anna+lists@example.org), or one that an alias like *@example.org stands for. // RFC 5233 §1
func (a Account) Identity(to Address) (Address, bool) {
	all := a.addresses()
	for _, reaches := range []func(id Address) bool{
		to.Same,
		func(id Address) bool {
			user, _, detailed := strings.Cut(to.Local, "+")
			return detailed && user != "" && id.Same(Address{Local: user, Domain: to.Domain})
		},
		func(id Address) bool { return id.Local == anyone && strings.EqualFold(id.Domain, to.Domain) },
	} {
		if i := slices.IndexFunc(all, reaches); i >= 0 && to.Local != anyone {
			if id := all[i]; id.Same(to) {
				return id, true
			}
			return Address{Name: all[i].Name, Local: to.Local, Domain: to.Domain}, true
		}
	}
	return Address{}, false
}

// WithDefaults fills in ports, security and users that were left out.
func (a Account) WithDefaults() Account {
	fill := func(e *Endpoint, tls, starttls int) {
		if e.Security == "" {
			e.Security = TLS
		}
		if e.Port == 0 {
			if e.Port = tls; e.Security != TLS {
				e.Port = starttls
			}
		}
		if e.User == "" {
			e.User = a.Address
			if id := ParseAddresses(a.Address, nil); len(id) == 1 {
				e.User = id[0].Addr()
			}
		}
	}
	fill(&a.IMAP, 993, 143) // RFC 8314 §3.2
	fill(&a.SMTP, 465, 587) // RFC 8314 §3.3
	return a
}

// Problem is something wrong with a configured value.
type Problem struct {
	Key  string // dotted, relative to the account: "imap.port"
	What string // what is wrong, and what would be right
}

// Validate lists what is wrong with a, in the order of the fields.
func (a Account) Validate() []Problem {
	var out []Problem
	say := func(key, format string, args ...any) { out = append(out, Problem{key, fmt.Sprintf(format, args...)}) }
	switch {
	case a.Name == "":
		say("name", `is missing: give the account a short name, such as name = "home"`)
	case Line(a.Name) != a.Name || len(a.Name) > 40:
		say("name", "has control characters or more than 40 bytes: a short word is best")
	}
	address := func(key, s string) {
		if list := ParseAddresses(s, nil); len(list) != 1 || !list[0].Valid() {
			say(key, `%q is not an address: write it like "anna@example.org"`, s)
		}
	}
	if a.Address == "" {
		say("address", `is missing: write the account's address, such as address = "anna@example.org"`)
	} else {
		address("address", a.Address)
	}
	for _, s := range a.Aliases {
		address("aliases", s)
	}
	for key := range a.Signatures {
		if bad := badSignature(key); bad != "" {
			say("signatures", bad, key)
		}
	}
	sources := 0
	for _, set := range []bool{len(a.PasswordCommand) > 0, a.PasswordEnv != "", a.PasswordKeyring} {
		if set {
			sources++
		}
	}
	if sources > 1 {
		say("password_command", "contradicts another password source: keep one of password_command, password_env and password_keyring")
	}
	a.IMAP.validate("imap", say)
	a.SMTP.validate("smtp", say)
	for role := range a.Mailboxes {
		switch role {
		case Drafts, Sent, Archive, Junked, Trash:
		default:
			say("mailboxes", "%q is not a role: use drafts, sent, archive, junk or trash", string(role))
		}
	}
	return out
}

func (e Endpoint) validate(prefix string, say func(key, format string, args ...any)) {
	if e.Host == "" {
		say(prefix+".host", `is missing: write the server's name, such as host = "%s.example.org"`, prefix)
	} else if strings.ContainsAny(e.Host, "/ \t@") || strings.Contains(e.Host, ":") && net.ParseIP(e.Host) == nil {
		say(prefix+".host", "%q is not a host name: write only the name, without scheme and port", e.Host)
	}
	if e.Port < 0 || e.Port > 65535 {
		say(prefix+".port", "%d is not a port: use a number from 1 to 65535", e.Port)
	}
	switch e.Security {
	case "", TLS, StartTLS:
	case Insecure:
		if !e.Loopback() {
			say(prefix+".security", `"insecure" would send the password readable over the network: use "tls" or "starttls"; "insecure" is for servers on this machine (localhost)`)
		}
	default:
		say(prefix+".security", `%q is not known: use "tls", "starttls" or "insecure"`, string(e.Security))
	}
}
