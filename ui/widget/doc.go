// Package widget holds the parts that several screens are made of: input line, text editor, completion list, box.
// Widgets know the theme and the width of characters; they refuse to know screens, actions and mail.
package widget
