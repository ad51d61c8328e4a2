// Package cache is posthorn's memory: mailboxes, messages and their contents as the servers told them, what the user
// wants of them, and what is written here and nowhere else: drafts, outgoing mail and wishes not yet fulfilled. It is
// one SQLite file; nothing of SQLite is seen outside this package. It never talks to a server and knows no clock but
// the one it is given.
//
// # Said, wanted, shown
//
// Each message row holds two values for mailbox, flags and keywords:
//
//   - said: mailbox_id, uid, flags, keywords: what the server last told. Written only from its answers
//     (Add, SetFlags, Vanished, Reset, Done, Copied).
//   - wanted: a row in operation: what the user wants and the server has not confirmed. Written only by wishes.
//   - shown: shown_*: said overlaid with wanted. Derived by reshow, in the transaction that changed one of the two.
//
// # When a wish may be dropped
//
// A wish names an outcome, so sending it twice does no harm and losing it does. It goes away in these ways only:
//
//   - Done, when its rev is still the one that was carried out: the server agreed, and nothing newer was wanted.
//     A move counts once it told the new UID or the target shows the message: servers agree to move what is gone.
//   - Settled, for a move to where the server has the message already, right after that mailbox was synchronised
//     and with nothing in flight. Wishes for flags are never dropped by comparison: sending one is cheap, and what
//     is cached of an old message may be out of date.
//   - Refuse, when the server will not; Reset, when the message behind the UID is no longer known. Both are told.
//   - its message is gone from its mailbox, and no other of the account has it: FindStrayed, which is told. What another
//     program moved is followed (strayed.go); only a deletion ends with the place it was wanted in.
//   - Undo of an expunge whose grace period has not passed.
//
// Above all a wish is not dropped because it equals what is cached at the moment it is made: an earlier, opposite
// wish may be on its way to the server.
//
// A message with a move wish that is no longer where the server said may have been moved by us, in a command whose
// answer was lost. It is not forgotten but waits, with uid 0, in the mailbox it was sent to, until a synchronisation
// of that mailbox finds it by Message-ID and size.
package cache
