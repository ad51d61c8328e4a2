// Package external starts the programs of others: the person's editor, and what opens files and links. Programs are
// run by their argument vector, never by a shell; what they get is an absolute path or an address that was parsed and
// written anew. It refuses every address but http, https and mailto.
package external
