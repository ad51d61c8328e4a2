// Package mailtest runs mail servers for tests and for the demo: an IMAP and a submission server inside this process,
// and real Dovecot and Postfix where they are installed. The servers listen on loopback only. The package refuses to
// be used by anything but tests and mail/demo.
package mailtest
