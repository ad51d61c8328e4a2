// Package imap is one connection to an IMAP server, with deadlines.
//
//	engine ── Session ─┬─ go-imap's client ── tap ─┐
//	                   └─ commands of our own ─────┴─ wire ── framer ── TLS ── link
//
// The wire is ours from the greeting on: TLS, login and capabilities happen before go-imap exists, and it is told
// PREAUTH. It then builds and sends the commands for selecting, searching, storing, copying, moving and idling,
// and waits for their ends. What servers answer is read here, forgivingly and bounded: one response go-imap cannot
// parse would end its connection, and it has no deadlines.
//
// The package refuses to: read anything that sets \Seen, expunge messages it was not told to (no plain EXPUNGE, no
// CLOSE), use sequence numbers, follow referrals, log in without TLS except to this machine, go on after a server
// has spoken out of turn around STARTTLS, and show anything said before TLS.
package imap
