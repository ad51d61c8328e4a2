// Package outside is what other programs ask of posthorn on its command line: posthorn send, and mailto links for the
// posthorn that runs. It speaks in exit codes and in one sentence, refuses to ask anything, and tells a script to try
// again only where that cannot send a message twice.
package outside
