// Package mail is the vocabulary of posthorn: the values all other packages speak in, and pure functions on them. It
// imports nothing but the standard library, does no I/O, and knows neither a database, a connection nor a screen.
//
// The packages, from the outside in; imports run only downwards, and main_test.go holds the table of who may
// import what:
//
//	main                 command line, wiring
//	ui/config            the configuration file
//	ui                   the face: one Bubble Tea model and its screens
//	cache/engine         keeps cache and servers in step, the only writer
//	cache                SQLite: what the servers said, what the user wants, what is shown
//	mail/imap mail/smtp  one connection each; go-imap and go-smtp are hidden there
//	mail/auth            passwords, SASL, certificates
//	mail/compose         a draft, and the message made of it
//	mail/body            bytes of a message to readable lines
//	mail/calendar        events of an invitation
//	mail/oneclick        the one request to a mailing list's site
//	mail/search          what a person looks for, as a query
//	mail/trust           how far the sender shown can be believed
//	mail                 this package
//
// mail/mailtest and mail/demo are servers for tests and for the demo.
//
// The standards obeyed, cited at the line that does so as "// RFC 9051 §6.4.8":
//
//	RFC 1870  SMTP message size               in mail/smtp
//	RFC 1896  text/enriched                   in mail/body
//	RFC 2045  MIME: bodies                    in mail/body, mail/compose
//	RFC 2046  MIME: media types               in mail, mail/body, mail/compose
//	RFC 2047  encoded words                   in mail/body, mail/compose
//	RFC 2152  UTF-7                           in mail/body
//	RFC 2177  IMAP IDLE                       in mail/imap
//	RFC 2183  Content-Disposition             in mail/body
//	RFC 2231  parameter values                in mail/body, mail/compose
//	RFC 2342  IMAP namespaces                 partly: what LIST shows
//	RFC 2369  List-* fields                   in mail, mail/compose
//	RFC 2387  multipart/related               in mail, mail/compose
//	RFC 2392  cid:                            in mail/compose
//	RFC 2781  UTF-16                          in mail/body
//	RFC 2919  List-Id                         in mail/body
//	RFC 2971  IMAP ID                         in mail/imap
//	RFC 3207  SMTP STARTTLS                   in mail/smtp
//	RFC 3282  Content-Language                in mail
//	RFC 3463  enhanced status codes           in mail/body
//	RFC 3464  delivery reports                in mail, mail/body, mail/demo
//	RFC 3501  IMAP4rev1                       where servers still speak it
//	RFC 3676  format=flowed                   in mail/body, mail/compose
//	RFC 3834  automatic answers               kept, not acted on yet
//	RFC 4155  mbox                            in mail
//	RFC 4180  comma separated values          in mail/body
//	RFC 4315  IMAP UIDPLUS                    in mail/imap
//	RFC 4422  SASL                            in mail/imap
//	RFC 4616  SASL PLAIN                      in mail/auth
//	RFC 4731  IMAP ESEARCH                    in mail/imap
//	RFC 4954  SMTP AUTH                       in mail/smtp
//	RFC 4959  IMAP SASL-IR                    in mail/imap
//	RFC 5161  IMAP ENABLE                     in mail/imap
//	RFC 5233  addresses with a detail         in mail
//	RFC 5248  registry of status codes        in mail/body
//	RFC 5256  base subject                    in mail
//	RFC 5258  IMAP LIST-EXTENDED              in mail/imap
//	RFC 5321  SMTP                            in mail/smtp, mail/compose
//	RFC 5322  message format                  in mail, mail/body, mail/compose
//	RFC 5530  IMAP response codes             in mail/imap
//	RFC 5545  iCalendar                       in mail, mail/calendar, mail/body
//	RFC 5546  invitations                     in mail/calendar, mail/body
//	RFC 5646  language tags                   in mail: the language alone
//	RFC 5819  IMAP LIST-STATUS                in mail/imap
//	RFC 6068  mailto                          in mail/compose
//	RFC 6152  8-bit MIME transport            in mail/smtp
//	RFC 6154  special-use mailboxes           in mail, mail/imap, cache/engine
//	RFC 6350  vCard                           in ui/people: names, addresses, groups
//	RFC 6409  submission                      in mail/smtp
//	RFC 6531  SMTPUTF8                        in mail/smtp, mail/compose
//	RFC 6532  internationalised headers       in mail/body, mail/compose
//	RFC 6533  internationalised reports       in mail
//	RFC 6851  IMAP MOVE                       in mail/imap, cache/engine
//	RFC 6868  carets in parameters            in mail/calendar
//	RFC 7162  IMAP CONDSTORE                  in mail/imap, cache/engine; QRESYNC not yet
//	RFC 7489  DMARC                           in mail/trust
//	RFC 7505  domains without mail            in mail/body
//	RFC 7888  IMAP LITERAL+                   in mail/imap
//	RFC 7986  newer iCalendar properties      in mail/calendar
//	RFC 8058  one-click unsubscribe           in mail, mail/oneclick, ui/pager
//	RFC 8098  disposition notifications       in mail, mail/body
//	RFC 8259  JSON                            in mail
//	RFC 8314  implicit TLS                    in mail
//	RFC 8446  TLS 1.3                         in mail/mailtest
//	RFC 8601  Authentication-Results          in mail/trust
//	RFC 9051  IMAP4rev2                       in mail, mail/imap, cache/engine
//	RFC 9738  IMAP MESSAGELIMIT          in mail/imap
package mail
