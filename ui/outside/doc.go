// Package outside is what other programs ask of posthorn on its command line: posthorn send. It speaks in exit codes and
// in one sentence on standard error, refuses to ask anything, and tells a script to try again only where that cannot
// send a message twice.
package outside
