// Package smtp submits one message over one connection and says exactly what became of it: who got it, who was
// refused in which words, and whether it is unknown. It hides go-smtp. It refuses to retry, to queue and to change
// a byte of the message.
package smtp
