package quotes_test

import (
	"fmt"
	"slices"
	"testing"

	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/store/storetest"
)

// saying is n texts with a word among others, each of which is in one text only.
func saying(n int, word string) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("%s and unique%s%d", word, word, i))
	}
	return list
}

func words(list []quotes.Keyword) (words []string) {
	for _, k := range list {
		words = append(words, k.Word)
	}
	return words
}

func TestKeywordsAreWhatADepartmentSaysMoreThanOthers(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), "Finance", "Legal")
	wave := d.held(
		crowd{40, slices.Concat(saying(12, "Invoices"), saying(4, "Secret"), saying(10, "mail"))},
		crowd{40, slices.Concat(saying(10, "mail"), saying(6, "Contracts"), saying(16, "hello"))})
	finance, legal := quotes.Group{Department: d.departments[0]}, quotes.Group{Department: d.departments[1]}
	lists := d.read(d.ask(), wave).Keywords("", 10)
	// Twelve of 26 against fewer than five of 32, taken to be four: 3.69 times. Four people are too few to be told of.
	want := quotes.Keyword{Word: "Invoices", Comments: 12, Times: 3, Seldom: true}
	if got := lists[finance]; len(got) != 1 || got[0] != want {
		t.Errorf("Finance: %+v", got)
	}
	if got := words(lists[legal]); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("Legal: %v", got)
	}
}

// What is not told of the others must not show in what is: nobody using a word there looks like a few who do.
func TestKeywordsDoNotTellAFewOfTheOthersFromNone(t *testing.T) {
	var seen []quotes.Keyword
	for elsewhere := range 6 {
		d := newDesk(t, storetest.SQLite(t), "Finance", "Legal")
		other := slices.Concat(saying(elsewhere, "Invoices"), saying(30-elsewhere, "hello"))
		wave := d.held(crowd{40, slices.Concat(saying(20, "Invoices"), saying(10, "ledger"))}, crowd{40, other})
		lists := d.read(d.ask(d.departments[0]), wave).Keywords("", 10)
		seen = append(seen, lists[quotes.Group{Department: d.departments[0]}][0])
	}
	for elsewhere, k := range seen {
		if elsewhere < 5 && k != seen[0] {
			t.Errorf("with %d elsewhere it says %+v, with none %+v", elsewhere, k, seen[0])
		}
	}
	if seen[5] == seen[0] || seen[5].Seldom {
		t.Errorf("with five elsewhere it says %+v", seen[5])
	}
}

// One person may answer several questions with the same word. That is one person.
func TestAKeywordOfOnePersonsManyAnswersIsNotTold(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), "Finance", "Legal")
	var waves []surveys.WaveID
	for range 4 {
		waves = append(waves, d.held(crowd{20, slices.Concat(saying(3, "Zebra"), saying(6, "mail"))}, crowd{20, saying(20, "hello")}))
	}
	c := d.read(d.ask(), waves...)
	if got := words(c.Keywords("", 10)[quotes.Group{Department: d.departments[0]}]); !slices.Equal(got, []string{"mail"}) {
		t.Errorf("with twelve comments by perhaps three people it tells %v", got)
	}
}

func TestNamesAreNoKeywordsAndNothingIsToldWithTooFewComments(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t), "Finance", "Legal")
	wave := d.held(crowd{20, saying(12, "mail me at x@example.org")}, crowd{20, saying(4, "hello")})
	if lists := d.read(d.ask(), wave).Keywords("", 10); len(lists) != 0 {
		t.Errorf("against four comments it tells %v", lists)
	}
	wave = d.held(crowd{20, saying(12, "Frau Seltsam")}, crowd{20, saying(12, "プリンターが遅い")})
	lists := d.read(d.ask(), wave).Keywords("", 20)
	if got := words(lists[quotes.Group{Department: d.departments[0]}]); slices.Contains(got, "Seltsam") || !slices.Contains(got, "Frau") {
		t.Errorf("Finance: %v", got)
	}
	if got := words(lists[quotes.Group{Department: d.departments[1]}]); !slices.Contains(got, "プリ") || slices.Contains(got, "い") {
		t.Errorf("Legal: %v", got)
	}
}
