package document

import (
	"fmt"
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

// Each of these would keep the YAML parser busy for minutes, or exhaust its stack, at the size of 1 MB; most are
// shorter here, so that it is the named bound that refuses them and no other. The parser never sees them.
func TestBombsAreRefusedBeforeTheyAreParsed(t *testing.T) {
	const entries, nested, tokens = "entries in a row", "nested more than", "more keys and values than"
	for _, tt := range []struct{ name, src, want string }{
		{"keys", strings.Repeat("a: b\n", 2000), entries},
		{"keys without values", strings.Repeat("a:\n", 2000), entries},
		{"keys of a question", "questions:\n  - id: a\n" + strings.Repeat("    a: b\n", 2000), entries},
		{"a list", "questions:\n" + strings.Repeat("- a\n", 2000), entries},
		{"an empty list", "questions:\n" + strings.Repeat("-\n", 2000), entries},
		{"a list in brackets", "in: [" + strings.Repeat("a,", 2000) + "]", entries},
		{"a block in braces", "in: {" + strings.Repeat("a,", 2000) + "}", entries},
		{"anchors", strings.Repeat("&a ", 2000), entries},
		{"anchors on lines", strings.Repeat("&a\n", 2000), entries},
		{"aliases", strings.Repeat("*a ", 2000), entries},
		{"types", strings.Repeat("! ", 2000), entries},
		{"documents", strings.Repeat("--- a\n", 2000), entries},
		{"short lists of empty values", strings.Repeat("-\n"+strings.Repeat("  -\n", 10), 200), entries},
		{"short blocks of empty values", strings.Repeat("-\n  - "+strings.Repeat("  a:\n    ", 10)+"a: b\n", 200), entries},
		{"short blocks of empty values in braces", strings.Repeat("- {a: b,"+strings.Repeat("a,", 10)+"}\n", 200), entries},
		{"colons without values in braces", strings.Repeat("- {"+strings.Repeat("a: ,", 10)+"}\n", 200), entries},
		{"many blocks in braces", strings.Repeat("- ["+strings.Repeat("{a},", 10)+"]\n", 200), entries},
		{"long keys in long keys", strings.Repeat("? ", 2000), entries},
		{"brackets", strings.Repeat("[", 200), nested},
		{"braces", strings.Repeat("{a: ", 200), nested},
		{"dashes", strings.Repeat("- ", 200), nested},
		{"many short lists", strings.Repeat("- ["+strings.Repeat("a,", 400)+"]\n", 900), tokens},
		{"empty lines in a text", "title: |\n" + strings.Repeat(" \n", 200), "empty lines follow each other"},
		{"1 MB of brackets", strings.Repeat("[", MostBytes), tokens},
		{"1 MB of dashes", strings.Repeat("- ", MostBytes/2), tokens},
	} {
		_, err := Parse([]byte(tt.src))
		if got := faultsOf(t, tt.src); !strings.HasSuffix(got, " document too_many") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %.200v; want it to say %q", tt.name, err, tt.want)
		}
	}
	if got := faultsOf(t, "title: "+strings.Repeat("x", MostBytes)); got != "1 document too_long" {
		t.Errorf("more than 1 MB: %.200s", got)
	}
}

func TestListsMayBeAsLongAsASurveyNeeds(t *testing.T) {
	options := strings.Repeat("      - {id: ID, text: X}\n", 100)
	for i := range 100 {
		options = strings.Replace(options, "ID", fmt.Sprint(i), 1)
	}
	src := "title: T\nquestions:\n"
	for i := range 200 {
		src += fmt.Sprintf("  - id: q%d\n    kind: choice\n    text: Q\n    options:\n", i) + options
	}
	if got := faultsOf(t, src); got != "" {
		t.Errorf("200 questions with 100 options each: %.300s", got)
	}
}
