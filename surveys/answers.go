package surveys

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
)

// Answers are the closed answers of one response by question id. A question that was not answered, or not shown, is absent.
type Answers map[string]Answer

// Answer is one closed answer: a Number for scale and recommend questions, otherwise option ids -
// one for choice, the chosen ones in the question's order for choices, best first for ranking.
type Answer struct {
	Number  int
	Options []string
}

// Number makes the answer to a scale or recommend question.
func Number(n int) Answer { return Answer{Number: n} }

// Picked makes the answer to a choice, choices or ranking question.
func Picked(options ...string) Answer { return Answer{Options: options} }

// Has reports whether the answer is one of the values of a condition.
func (a Answer) Has(value string) bool {
	if a.Options == nil {
		return strconv.Itoa(a.Number) == value
	}
	return slices.Contains(a.Options, value)
}

// MarshalJSON writes numbers as numbers and options as a list, so the stored document reads like the form.
func (a Answer) MarshalJSON() ([]byte, error) { return a.appendJSON(nil) }

func (a Answer) appendJSON(b []byte) ([]byte, error) {
	if a.Options == nil {
		return strconv.AppendInt(b, int64(a.Number), 10), nil
	}
	options, err := json.Marshal(a.Options)
	return append(b, options...), err
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (a *Answer) UnmarshalJSON(b []byte) error {
	*a = Answer{}
	if len(b) > 0 && b[0] == '[' {
		a.Options = []string{}
		return json.Unmarshal(b, &a.Options)
	}
	n, err := strconv.Atoi(string(b))
	if err != nil {
		return errors.New("an answer is neither a number nor a list") // not which: errors reach the log
	}
	a.Number = n
	return nil
}

// Encode writes the answers as one JSON document, keys sorted, so that equal answers are equal bytes.
func (a Answers) Encode() (string, error) {
	b := append(make([]byte, 0, 16*len(a)+2), '{')
	for i, id := range sortedKeys(a) {
		if i > 0 {
			b = append(b, ',')
		}
		// Written by hand: every submission passes here, and reflection over a map took most of the time. Ids of
		// questions need no escape in JSON; what is no such id is refused rather than written wrongly.
		if !plain(id) {
			return "", fmt.Errorf("surveys: %q is no id of a question", id)
		}
		b = append(append(append(b, '"'), id...), '"', ':')
		var err error
		if b, err = a[id].appendJSON(b); err != nil {
			return "", err
		}
	}
	return string(append(b, '}')), nil
}

// plain reports whether a text means itself within quotes.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return false
		}
	}
	return true
}

// DecodeAnswers reads what Encode wrote.
func DecodeAnswers(s string) (Answers, error) {
	a := Answers{}
	if err := EachAnswer(s, func(id string, answer Answer) { a[id] = answer }); err != nil {
		return nil, err
	}
	return a, nil
}

// EachAnswer visits what Encode wrote, without the map. If it cannot be read, some of it may have been visited. What is
// visited may share the memory of the document: whoever keeps a part of it keeps all.
func EachAnswer(document string, visit func(id string, a Answer)) error {
	// By hand, as writing is: millions are read to count or export them, and reflection took most of the time. Whatever
	// looks different from what Encode writes is for the library.
	if (&scanner{rest: document}).answers(visit) {
		return nil
	}
	all := Answers{}
	if err := json.Unmarshal([]byte(document), &all); err != nil {
		return fmt.Errorf("surveys: stored answers: %w", err)
	}
	for id, answer := range all {
		visit(id, answer)
	}
	return nil
}

// Visible reports whether the question is shown to someone who gave these answers. A question that hangs on
// one that is itself not shown, or not answered, is not shown.
func (d *Document) Visible(q *Question, answers Answers) bool {
	if q.ShowIf == nil {
		return true
	}
	on, ok := d.Question(q.ShowIf.Question)
	if !ok || !d.Visible(on, answers) {
		return false
	}
	given, ok := answers[on.ID]
	return ok && slices.ContainsFunc(q.ShowIf.In, given.Has)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
