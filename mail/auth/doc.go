// Package auth knows how to become a user: where a password comes from, which SASL mechanism carries it, and which
// certificates are believed. It keeps secrets in memory only and refuses to write one anywhere but into the OS
// keyring when the user says so.
package auth
