package document

import (
	"strings"
	"testing"
)

func TestWhatIsNotASurveyInYAMLIsRefusedWithItsLine(t *testing.T) {
	const good = "title: T\nquestions:\n  - {id: a, kind: scale, text: A}\n"
	for _, tt := range []struct{ name, src, want string }{
		{"nothing", "", "1 document required"},
		{"only a comment", "# later\n", "1 document required"},
		{"only blank lines", "\n\n", "1 document required"},
		{"only a byte-order mark", "\uFEFF", "1 document required"},
		{"a start and nothing", "---\n", "1 document required"},
		{"a second document", good + "---\n" + good, "4 document too_many"},
		{"a tab", "title: T\nquestions:\n\t- id: a\n", "3 document syntax"},
		{"a tab that the parser would drop", "title: T\nintro: a\tb\nquestions:\n  - {id: a, kind: scale, text: A}\n", "2 intro not_allowed"},
		{"a tab in a key", "title: T\nin\ttro: a\nquestions:\n  - {id: a, kind: scale, text: A}\n", "2 document not_allowed"},
		{"a key too far to the right", "title: T\nquestions:\n  - id: a\n    kind: text\n     text: A\n", "5 document syntax"},
		{"a colon in a text", "title: T\nintro: Please note: two minutes\n", "2 document syntax"},
		{"an open quotation mark", "title: T\nintro: \"Two minutes\n", "2 document syntax"},
		{"an open list", "title: T\nquestions: [\n", "2 document syntax"},
		{"an open block", "title: T\nquestions:\n  - {id: a, kind: text\n", "3 document syntax"},
		{"a backslash in quotes", "title: T\nintro: \"C:\\q\"\n", "2 document syntax"},
		{"a reserved character", "title: T\nintro: @home\n", "2 document syntax"},
		{"a text after a quotation", "title: T\nintro: 'Two' minutes\n", "2 document syntax"},
		{"no blank after a colon", "title:T\nminimum: 5\n", "1 document syntax"},
		{"a reference", "title: &t T\nintro: *t\n" + "questions:\n  - {id: a, kind: scale, text: A}\n",
			"1 title not_allowed\n2 intro not_allowed"},
		{"a text with stars", "title: T\nintro: *Two* minutes\nquestions:\n  - {id: a, kind: scale, text: A}\n", "2 document syntax"},
		{"a merged block", "title: T\nquestions:\n  - id: a\n    <<: {kind: scale, text: A}\n    kind: scale\n    text: A\n", "4 questions[0] not_allowed"},
		{"a type", "title: T\nminimum: !!int 5\nquestions:\n  - {id: a, kind: scale, text: A}\n", "2 minimum not_allowed"},
		{"a key in the long form", "? title\n: T\nquestions:\n  - {id: a, kind: scale, text: A}\n", "1 document not_allowed\n1 title required"},
		{"a directive", "%YAML 1.2\n---\n" + good, "1 document not_allowed"},
		{"UTF-16", "\xFF\xFEt\x00i\x00", "1 document not_text"},
		{"Windows-1252", "title: T\nintro: f\xFCr\n", "2 document not_text"},
		{"an invisible character", "title: T\nintro: a\x00b\n", "2 document not_text"},
		{"an escape character", "title: a\x1b[31mb\n", "1 document not_text"},
		{"a key that is far too long", "title: T\n" + strings.Repeat("k", 300) + ": x\nquestions:\n  - {id: a, kind: scale, text: A}\n", "2 document too_long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := faultsOf(t, tt.src); got != tt.want {
				t.Errorf("faults\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// Each of these would keep the YAML parser busy for minutes, or exhaust its stack. That they are refused as too much
// shows that they were never given to it.
func TestBombsAreRefusedBeforeTheyAreParsed(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, (MostBytes-100)/len(s)) }
	for _, tt := range []struct{ name, src string }{
		{"keys", fill("a: b\n")},
		{"entries", "questions:\n" + fill("- a\n")},
		{"empty entries", "questions:\n" + fill("-\n")},
		{"keys without values", fill("a:\n")},
		{"brackets", fill("[")},
		{"braces", fill("{a: ")},
		{"dashes", fill("- ")},
		{"long keys in long keys", fill("? ")},
		{"a long list in brackets", "in: [" + fill("a,") + "]"},
		{"a long block in braces", "in: {" + fill("a,") + "}"},
		{"entries in braces", fill("- {a: b}\n")},
		{"anchors", fill("&a ")},
		{"anchors on lines", fill("&a\n")},
		{"aliases", fill("*a ")},
		{"types", fill("! ")},
		{"short keys everywhere", fill("- - a: b\n  -\n")},
	} {
		got := faultsOf(t, tt.src)
		if !strings.HasSuffix(got, " document too_many") || strings.Contains(got, "\n") {
			t.Errorf("%s: %.200s", tt.name, got)
		}
	}
	if got := faultsOf(t, "title: "+strings.Repeat("x", MostBytes)); got != "1 document too_long" {
		t.Errorf("more than 1 MB: %.200s", got)
	}
}
