package document

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"soundings/surveys"
)

// faultsOf parses and returns the faults as "line path code", one a line.
func faultsOf(t *testing.T, src string) string {
	t.Helper()
	d, err := Parse([]byte(src))
	if err == nil {
		return ""
	}
	var e *surveys.Error
	if !errors.As(err, &e) || e.Kind != surveys.Invalid || d != nil {
		t.Fatalf("Parse = %v, %v; want nil and an error of the kind Invalid", d, err)
	}
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		if f.Detail == "" {
			t.Errorf("%s at %s says nothing", f.Code, f.Path)
		}
		lines[i] = fmt.Sprintf("%d %s %s", f.Line, f.Path, f.Code)
	}
	return strings.Join(lines, "\n")
}

// faulty is a document and its faults as faultsOf writes them.
type faulty struct{ name, src, want string }

func checkFaults(t *testing.T, table []faulty) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			if got := faultsOf(t, tt.src); got != tt.want {
				t.Errorf("faults\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// scale is one question; where it follows one line of title it stands on lines 2 and 3.
const scale = "questions:\n  - {id: a, kind: scale, text: A}\n"

// Lines and paths below are counted by hand; the first line of each document is line 1.
func TestEveryFaultIsNamedWithItsLineAndPath(t *testing.T) {
	checkFaults(t, []faulty{
		{"unknown key", "titel: T\ntitle: T\n" + scale, "1 titel unknown"},
		{"unknown key of a question", "title: T\nquestions:\n  - id: a\n    kind: scale\n    txet: A\n    text: A\n",
			"5 questions[0].txet unknown"},
		{"unknown key of an option", "title: T\nquestions:\n  - id: a\n    kind: choices\n    text: A\n    options:\n      - {id: x, text: X, score: 3}\n",
			"7 questions[0].options[0].score unknown"},
		{"unknown key of show_if", "title: T\n" + scale + "  - id: b\n    kind: text\n    text: B\n    show_if:\n      question: a\n      in: [1]\n      not: [2]\n",
			"10 questions[1].show_if.not unknown"},
		{"duplicate key", "title: T\nlanguage: de\ntitle: U\n" + scale, "3 title duplicate"},
		{"duplicate question id", "title: T\n" + scale + "  - {id: b, kind: text, text: B}\n  - {id: a, kind: text, text: C}\n",
			"5 questions[2].id duplicate"},
		{"branching to a later question", "title: T\nquestions:\n  - id: b\n    kind: text\n    text: B\n    show_if: {question: a, in: [1]}\n  - {id: a, kind: scale, text: A}\n",
			"6 questions[0].show_if.question later"},
		{"branching to a missing question", "title: T\n" + scale + "  - id: b\n    kind: text\n    text: B\n    show_if:\n      question: gone\n      in: [1]\n",
			"8 questions[1].show_if.question missing"},
		{"branching to itself", "title: T\nquestions:\n  - id: a\n    kind: scale\n    text: A\n    show_if:\n      question: a\n      in: [1]\n",
			"7 questions[0].show_if.question itself"},
		{"branching on a text", "title: T\nquestions:\n  - {id: t, kind: text, text: A}\n  - {id: b, kind: text, text: B, show_if: {question: t, in: [x]}}\n",
			"4 questions[1].show_if.question not_closed"},
		{"branching on an impossible answer", "title: T\n" + scale + "  - id: b\n    kind: text\n    text: B\n    show_if:\n      question: a\n      in:\n        - 1\n        - 6\n",
			"11 questions[1].show_if.in[1] unknown"},
		{"branching without an answer", "title: T\n" + scale + "  - id: b\n    kind: text\n    text: B\n    show_if:\n      question: a\n",
			"7 questions[1].show_if.in required"},
		{"unknown construct", "title: T\nquestions:\n  - id: a\n    kind: scale\n    text: A\n    construct: openess\n",
			"6 questions[0].construct unknown"},
		{"empty option list", "title: T\nquestions:\n  - id: a\n    kind: choice\n    text: A\n    options: []\n",
			"6 questions[0].options too_few"},
		{"option list left out", "title: T\nquestions:\n  - {id: t, kind: text, text: T}\n  - id: a\n    kind: ranking\n    text: A\n",
			"4 questions[1].options too_few"},
		{"duplicate option id", "title: T\nquestions:\n  - id: a\n    kind: choice\n    text: A\n    options:\n      - id: x\n        text: X\n      - id: x\n        text: Y\n",
			"9 questions[0].options[1].id duplicate"},
	})
}

func TestEveryFaultOfATranslationIsNamedWithItsLineAndPath(t *testing.T) {
	checkFaults(t, []faulty{
		{"missing translation of a question", "title: T\nquestions:\n  - {id: a, kind: scale, text: A}\n  - {id: b, kind: text, text: B}\ntranslations:\n  de:\n    title: T\n    questions:\n      a:\n        text: A\n",
			"8 translations.de.questions.b.text untranslated"},
		{"missing translation of title and help", "title: T\nquestions:\n  - {id: a, kind: text, text: A, help: H}\ntranslations:\n  de:\n    questions:\n      a:\n        text: A\n",
			"5 translations.de.title untranslated\n7 translations.de.questions.a.help untranslated"},
		{"a translation with nothing in it", "title: T\n" + scale + "translations:\n  de:\n",
			"5 translations.de.title untranslated\n5 translations.de.questions.a.text untranslated"},
		{"translation of an unknown question", "title: T\n" + scale + "translations:\n  de:\n    title: T\n    questions:\n      a: {text: A}\n      z: {text: Z}\n",
			"9 translations.de.questions.z unknown"},
		{"translated option that does not exist", "title: T\nquestions:\n  - id: a\n    kind: choices\n    text: A\n    options: [{id: x, text: X}]\ntranslations:\n  de:\n    title: T\n    questions:\n      a:\n        text: A\n        options:\n          x: X\n          y: Y\n",
			"15 translations.de.questions.a.options.y unknown"},
		{"translated options as a list", "title: T\nquestions:\n  - id: a\n    kind: choices\n    text: A\n    options: [{id: x, text: X}]\ntranslations:\n  de:\n    title: T\n    questions:\n      a:\n        text: A\n        options:\n          - id: x\n            text: X\n          - text: Y\n            id: y\n          - id: x\n            text: X\n",
			"17 translations.de.questions.a.options.y unknown\n18 translations.de.questions.a.options[2].id duplicate"},
		{"no such language", "title: T\nlanguage: xx\n" + scale + "translations:\n  german: {title: T, questions: {a: {text: A}}}\n",
			"2 language unknown\n6 translations.german format"},
	})
}

func TestWhatIsMissingIsNamedAtTheLineOfWhatShouldHoldIt(t *testing.T) {
	checkFaults(t, []faulty{
		{"title missing", "# a survey\n\nlanguage: de\n" + scale, "3 title required"},
		{"id missing below a dash of its own", "title: T\nquestions:\n  -\n    kind: text\n    text: A\n", "3 questions[0].id required"},
		{"questions missing", "title: T\n", "1 questions too_few"},
		{"several faults in the order of the lines", "questions:\n  - id: 1a\n    kind: scale\n    points: 6\n    text:\nminimum: 2\npurpose: fun\n",
			"1 title required\n2 questions[0].id format\n4 questions[0].points out_of_range\n5 questions[0].text required\n6 minimum out_of_range\n7 purpose unknown"},
		{"minimum 0 is not the default", "title: T\nminimum: 0\n" + scale, "2 minimum out_of_range"},
		{"an empty purpose is not the default", "title: T\npurpose:\n" + scale, "2 purpose required"},
		{"points 0 is not the default", "title: T\nquestions:\n  - {id: a, kind: scale, text: A,\n     points: 0}\n",
			"4 questions[0].points out_of_range"},
	})
}

func TestAValueOfTheWrongTypeIsOneFaultAndNotTwo(t *testing.T) {
	checkFaults(t, []faulty{
		{"a list as the title", "title: [T]\n" + scale, "1 title type"},
		{"keys as the text", "title: T\nquestions:\n  - id: a\n    kind: text\n    text:\n      en: A\n", "5 questions[0].text type"},
		{"a text as a number", "title: T\nminimum: five\n" + scale, "2 minimum type"},
		{"a quoted number", "title: T\nminimum: \"5\"\n" + scale, "2 minimum type"},
		{"a broken number", "title: T\nminimum: 5.5\n" + scale, "2 minimum type"},
		{"a number in another base", "title: T\nminimum: 0x10\n" + scale, "2 minimum type"},
		{"a number beyond all bounds", "title: T\nminimum: 99999999999999999999\n" + scale, "2 minimum type"},
		{"no number", "title: T\nminimum:\n" + scale, "2 minimum type"},
		{"yes instead of true", "title: T\nquestions:\n  - {id: a, kind: scale, text: A,\n     required: yes}\n", "4 questions[0].required type"},
		{"keys instead of the list of questions", "title: T\nquestions:\n  a: {kind: scale}\n", "2 questions type"},
		{"a question that is a text", "title: T\nquestions:\n  - {id: b, kind: text, text: B}\n  - Do you like it?\n", "4 questions[1] type"},
		{"options that are texts", "title: T\nquestions:\n  - id: a\n    kind: choice\n    text: A\n    options:\n      - Yes\n      - No\n",
			"7 questions[0].options[0] type\n8 questions[0].options[1] type"},
		{"show_if as a text", "title: T\n" + scale + "  - {id: b, kind: text, text: B, show_if: a}\n", "4 questions[1].show_if type"},
		{"one answer instead of a list", "title: T\n" + scale + "  - {id: b, kind: text, text: B, show_if: {question: a, in: 1}}\n", "4 questions[1].show_if.in type"},
		{"translations as a list", "title: T\n" + scale + "translations:\n  - de\n", "4 translations type"},
		{"a translated option without an id", "title: T\nquestions:\n  - id: a\n    kind: choices\n    text: A\n    options: [{id: x, text: X}]\ntranslations:\n  de:\n    title: T\n    questions:\n      a:\n        text: A\n        options:\n          - {id: x, text: X}\n          - Y\n",
			"15 translations.de.questions.a.options[1] type"},
		{"a document that is a text", "Change pulse\n", "1 document type"},
		{"a document that is a list", "- title: T\n", "1 document type"},
	})
}

func TestTheDetailNamesTheWrongValue(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"title: T\nminimum: five\n", `minimum has to be a whole number such as 5, not the text "five"`},
		{"title: T\npurpose: fun\n", `purpose is "fun"; it has to be change, engagement or custom`},
		{"titel: T\n", `the key "titel" is not known here; the keys are title, purpose,`},
		{"title: T\ntitle: U\n", `"title" is there twice; the first is on line 1`},
	} {
		_, err := Parse([]byte(tt.src))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%q) = %v, want it to say %s", tt.src, err, tt.want)
		}
	}
}

// Values are texts as the author wrote them, whatever YAML would make of them.
func TestTextsAreReadAsWritten(t *testing.T) {
	src := `title: 2024
intro: yes
questions:
  - {id: a, kind: choice, text: 1.50, options: [{id: 1, text: true}, {id: 0x1F, text: 1_000}]}
  - {id: b, kind: scale, text: .inf, labels: [1, 2, 3, 4, 05]}
  - {id: c, kind: text, text: 2024-01-02, show_if: {question: a, in: [1, 0x1F]}}
  - id: d
    kind: text
    text: one
      two

      three
    help: >
      folded
      text
    show_if: {question: b, in: [1, 2]}
`
	d, err := Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := &surveys.Document{
		Title: "2024", Intro: "yes", Purpose: surveys.AboutOther, Language: "en", Anonymity: surveys.Anonymous,
		Minimum: 5, Results: surveys.WhenClosed,
		Questions: []surveys.Question{
			{ID: "a", Kind: surveys.Choice, Text: "1.50", Options: []surveys.Option{{ID: "1", Text: "true"}, {ID: "0x1F", Text: "1_000"}}},
			{ID: "b", Kind: surveys.Scale, Points: 5, Text: ".inf", Labels: []string{"1", "2", "3", "4", "05"}},
			{ID: "c", Kind: surveys.Text, Text: "2024-01-02", ShowIf: &surveys.Condition{Question: "a", In: []string{"1", "0x1F"}}},
			{ID: "d", Kind: surveys.Text, Text: "one two\nthree", Help: "folded text\n",
				ShowIf: &surveys.Condition{Question: "b", In: []string{"1", "2"}}},
		},
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("read\n%+v\nwant\n%+v", d, want)
	}
}

func TestMarksAndLineEndsOfOtherSystemsMakeNoDifference(t *testing.T) {
	src, err := os.ReadFile("testdata/laptops.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{
		"byte-order mark":   "\uFEFF" + string(src),
		"CRLF":              strings.ReplaceAll(string(src), "\n", "\r\n"),
		"CR":                strings.ReplaceAll(string(src), "\n", "\r"),
		"start and end":     "---\n" + string(src) + "...\n",
		"comments":          "# a comment\n" + strings.ReplaceAll(string(src), "\nquestions:", "\n# another\nquestions: # and one more"),
		"no last line end":  strings.TrimSuffix(string(src), "\n"),
		"blank lines after": string(src) + "\n\n",
	} {
		got, err := Parse([]byte(other))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, equal: %v", name, err, reflect.DeepEqual(got, want))
		}
	}
	crlf := "title: T\r\nminimum: 1\r\nquestions:\r\n  - {id: a, kind: scale, text: A}\r\n"
	if got := faultsOf(t, crlf); got != "2 minimum out_of_range" {
		t.Errorf("lines that end in CRLF are counted as %q", got)
	}
}

// The example of DESIGN.md, section 10, with the translations written out.
func TestTheExampleOfTheDesignIsRead(t *testing.T) {
	const example = `title: Change pulse
purpose: change
language: en
anonymity: anonymous        # anonymous | named
minimum: 5
intro: Two minutes; nobody can tell who said what.
questions:
  - {id: easier, kind: scale, points: 5, text: This change would make my work easier., construct: openness}
  - {id: worried, kind: scale, points: 5, text: I am worried about this change., construct: openness, reversed: true}
  - id: when
    kind: choice
    text: Which week suits your department best?
    options: [{id: w1, text: First week of March}, {id: w2, text: Last week of March}]
    other: true
  - {id: say, kind: text, text: What should IT know before deciding?, show_if: {question: easier, in: [1, 2]}}
`
	d, err := Parse([]byte(example + `translations:
  de: {title: Puls, intro: Zwei Minuten., questions: {easier: {text: Leichter.}, worried: {text: Sorge.}, when: {text: Wann?, options: {w1: Anfang, w2: Ende}}, say: {text: Was noch?}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if q, ok := d.Question("worried"); !ok || !q.Reversed || q.Construct != surveys.Openness {
		t.Errorf("worried is %+v", q)
	}
	if got := d.Translations["de"].Questions["when"].Options["w2"]; got != "Ende" {
		t.Errorf("w2 in German is %q", got)
	}
	shortened := example + "translations:\n  de: {title: ..., intro: ..., questions: {easier: {text: ...}}}\n"
	want := "17 translations.de.questions.worried.text untranslated\n" +
		"17 translations.de.questions.when.text untranslated\n" +
		"17 translations.de.questions.when.options.w1 untranslated\n" +
		"17 translations.de.questions.when.options.w2 untranslated\n" +
		"17 translations.de.questions.say.text untranslated"
	if got := faultsOf(t, shortened); got != want {
		t.Errorf("the shortened translations have the faults\n%s\nwant\n%s", got, want)
	}
}
