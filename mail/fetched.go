package mail

import "time"

// What servers tell, as mail/imap hands it up and cache stores it.

// Header is everything fetched of one message before its body.
type Header struct {
	UID       UID
	Flags     Flags
	Keywords  Keywords
	Permanent Permanent // of its mailbox
	ModSeq    ModSeq    // 0: no CONDSTORE
	Received  time.Time // INTERNALDATE
	Size      int64     // octets
	Envelope  Envelope
	Structure *Part // nil: the server's BODYSTRUCTURE was missing or unusable; learnt from the message itself when opened
}

// FlagUpdate is the current flags of one message.
type FlagUpdate struct {
	UID       UID
	Flags     Flags
	Keywords  Keywords
	Permanent Permanent // of its mailbox
	ModSeq    ModSeq
}

// Listed is one mailbox of a LIST answer, with what STATUS said of it.
type Listed struct {
	Name       string // decoded
	Delimiter  string
	Role       Role // by special use, or Inbox; NoRole: not told
	NoSelect   bool
	Subscribed bool
	Status     *Status // nil: not asked or not answered
}

// Status is what a mailbox holds without selecting it. // RFC 9051 §6.3.11
type Status struct {
	Messages      int
	Unseen        int
	UIDNext       UID
	UIDValidity   UIDValidity
	HighestModSeq ModSeq // 0: no CONDSTORE
}

// Selected is what SELECT says. // RFC 9051 §6.3.2
type Selected struct {
	Exists        int
	UIDNext       UID // 0: the server does not say
	UIDValidity   UIDValidity
	HighestModSeq ModSeq // 0: no CONDSTORE
	Permanent     Permanent
	ReadOnly      bool
}
