package body

import (
	"strings"
	"testing"

	"posthorn/mail"
)

// prose is a plain text of n bytes in lines as programs break them, with quotes and links among them.
func prose(n int) []byte {
	const page = "The harbour master says that the slipway is free from noon, and that he\ndoes not want to see us there after five, because the ferry needs the\nroom to turn. More is at https://harbour.example/slipway and *there* only.\n\n> Who has the key to the boat house? I was there on Monday and found it\n> closed.\n\n"
	return []byte(strings.Repeat(page, n/len(page)+1)[:n])
}

func BenchmarkNestedTables(b *testing.B) {
	raw := []byte(strings.Repeat("<table><tr><td>", 20) + "<pre>" + strings.Repeat("x\n", 250_000))
	part := mail.Part{MediaType: "text/html"}
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		Render([]Content{{part, raw}}, Options{Width: 80, Measure: columns})
	}
}

func BenchmarkPlainText(b *testing.B) {
	for _, size := range []struct {
		name string
		raw  []byte
	}{
		{"100kB", prose(100 << 10)}, {"10MB", prose(10 << 20)}, {"one line of 20MB", []byte(strings.Repeat("word ", 4<<20))},
	} {
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(size.raw)))
			b.ReportAllocs()
			for range b.N {
				Render([]Content{{Raw: size.raw}}, Options{Width: 80})
			}
		})
	}
}
