// Package body turns the bytes of a message into what a person reads: header fields and their words, the MIME
// structure, decoded text, and lines with meaning (quote level, heading, link, emphasis) that the ui styles.
//
// It forgives whatever senders do: nothing here fails, what cannot be understood is shown as it came. It is bounded
// in time and memory whatever the input. It refuses to fetch anything, to run anything, and to know about screens
// beyond a width; every text it hands out in a Document has passed mail.Text.
package body
