// Package engine keeps the cache and the servers in step: it is the only writer of the cache.
//
//	ui ──Do, Send, Open, Focus──▶ Engine ──wishes──▶ cache ◀──said── worker ◀──IMAP── server
//	ui ◀──what is stale── Box ◀──────────────────────────────────────┘ │
//	                                      sender ──SMTP──▶ server      watcher ──IDLE── server
//
// Three goroutines an account, each the owner of one connection, none sharing memory with another: the worker does
// one small, bounded job after the other; the watcher sits in IDLE on INBOX and may only say that it changed; the
// sender drains the outbox. What the user wants is stored first and sent later, so nothing here is waited for by a
// key. The package refuses to draw, to ask the user anything and to know SQL or sockets.
package engine
