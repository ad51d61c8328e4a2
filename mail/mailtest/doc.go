// Package mailtest runs mail servers for tests and for the demo. Server and Submission speak IMAP and SMTP inside this
// process and keep their mail in memory; Dovecot and Postfix are real ones where they are installed; Script plays
// servers that nobody can run. Fault stands between a client and any of them and cuts or stalls the connection at a
// chosen command. Everything listens on loopback only. The package refuses to be used by anything but tests and
// mail/demo.
package mailtest
