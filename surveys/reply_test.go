package surveys_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
)

// pulse has a question of every kind, and one that is shown only to those who see no use.
func pulse() *surveys.Document {
	options := []surveys.Option{{ID: "w1"}, {ID: "w2"}, {ID: "w3"}}
	return &surveys.Document{
		Language: "en", Translations: map[string]surveys.Translation{"de": {}},
		Questions: []surveys.Question{
			{ID: "easier", Kind: surveys.Scale, Points: 5, Required: true},
			{ID: "worried", Kind: surveys.Scale, Points: 7, Reversed: true},
			{ID: "praise", Kind: surveys.Recommend},
			{ID: "when", Kind: surveys.Choice, Options: options, Other: true},
			{ID: "what", Kind: surveys.Choices, Options: options, Other: true},
			{ID: "only", Kind: surveys.Choice, Options: options},
			{ID: "rank", Kind: surveys.Ranking, Options: options},
			{ID: "say", Kind: surveys.Text},
			{ID: "why", Kind: surveys.Text, Required: true, ShowIf: &surveys.Condition{Question: "easier", In: []string{"1", "2"}}},
			{ID: "costs", Kind: surveys.Scale, Points: 5, ShowIf: &surveys.Condition{Question: "easier", In: []string{"1"}}},
			{ID: "more", Kind: surveys.Text, ShowIf: &surveys.Condition{Question: "costs", In: []string{"5"}}},
			{ID: "order", Kind: surveys.Ranking, Options: options, ShowIf: &surveys.Condition{Question: "easier", In: []string{"1"}}},
		},
	}
}

func everyone() surveys.Audience {
	return surveys.Audience{
		Departments: []surveys.Department{{ID: 3}, {ID: 4}},
		Bands:       []surveys.Band{{ID: 7}, {ID: 8}},
	}
}

// form is the least that is accepted, changed by pairs of field and value; a field named again gets another value.
func form(pairs ...string) surveys.Form {
	f := surveys.Form{"receipt": {string(aReceipt)}, "department": {"3"}, "lang": {"en"}, "q.easier": {"4"}}
	seen := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		if !seen[pairs[i]] {
			f[pairs[i]] = nil
		}
		seen[pairs[i]] = true
		f[pairs[i]] = append(f[pairs[i]], pairs[i+1])
	}
	return f
}

func codes(faults surveys.Faults) []string {
	var list []string
	for _, f := range faults {
		list = append(list, strings.TrimSpace(f.Path+" "+f.Code))
	}
	slices.Sort(list)
	return list
}

func TestEveryFaultIsNamedBesideItsField(t *testing.T) {
	thousand := form("q.what", "w1")
	for range 999 {
		thousand["q.what"] = append(thousand["q.what"], "w2")
	}
	for _, row := range []struct {
		name string
		form surveys.Form
		want []string // field and code
	}{
		{"nothing wrong", form(), nil},
		{"unknown question", form("q.salary", "1"), []string{"q.salary unknown"}},
		{"a part of a question that has none", form("q.easier.other", "x"), []string{"q.easier.other unknown"}},
		{"a part that is no text", form("q.when.w1", "x"), []string{"q.when.w1 unknown"}},
		{"free text that is not offered", form("q.only.other", "x"), []string{"q.only.other unknown"}},
		{"a ranking answered whole", form("q.rank", "1"), []string{"q.rank unknown"}},
		{"rank of an unknown option", form("q.rank.w9", "1"), []string{"q.rank.w9 unknown"}},
		{"rank of other", form("q.rank.other", "1"), []string{"q.rank.other unknown"}},
		{"the bare prefix", form("q.", "1"), []string{"q. unknown"}},
		{"other fields are not ours", form("csrf", "1", "easier", "9"), nil},
		{"scale too low", form("q.easier", "0"), []string{"q.easier out_of_range"}},
		{"scale too high", form("q.easier", "6"), []string{"q.easier out_of_range"}},
		{"7 points take 7", form("q.worried", "7"), nil},
		{"8 of 7 points", form("q.worried", "8"), []string{"q.worried out_of_range"}},
		{"scale negative", form("q.easier", "-1"), []string{"q.easier out_of_range"}},
		{"scale not as offered", form("q.easier", "04"), []string{"q.easier out_of_range"}},
		{"scale with sign", form("q.easier", "+4"), []string{"q.easier out_of_range"}},
		{"scale with space", form("q.easier", "4 "), []string{"q.easier out_of_range"}},
		{"scale in Arabic digits", form("q.easier", "٤"), []string{"q.easier out_of_range"}},
		{"scale with a fraction", form("q.easier", "4.0"), []string{"q.easier out_of_range"}},
		{"scale beyond numbers", form("q.easier", strings.Repeat("9", 400)), []string{"q.easier out_of_range"}},
		{"recommend takes 0 and 10", form("q.praise", "0"), nil},
		{"recommend 11", form("q.praise", "11"), []string{"q.praise out_of_range"}},
		{"scale twice", form("q.easier", "4", "q.easier", "4"), []string{"q.easier repeated"}},
		{"choice twice", form("q.when", "w1", "q.when", "w2"), []string{"q.when repeated"}},
		{"text twice", form("q.say", "a", "q.say", "b"), []string{"q.say repeated"}},
		{"rank field twice", form("q.rank.w1", "1", "q.rank.w1", "2"), []string{"q.rank.w1 repeated"}},
		{"receipt twice", form("receipt", string(aReceipt), "receipt", string(aReceipt)), []string{"receipt repeated"}},
		{"department twice", form("department", "3", "department", "4"), []string{"department repeated"}},
		{"band twice", form("band", "7", "band", "8"), []string{"band repeated"}},
		{"language twice", form("lang", "en", "lang", "de"), []string{"lang repeated"}},
		{"option twice", form("q.what", "w1", "q.what", "w1"), []string{"q.what repeated"}},
		{"a thousand choices", thousand, []string{"q.what repeated"}},
		{"unknown option of a choice", form("q.only", "w4"), []string{"q.only unknown"}},
		{"unknown option of choices", form("q.what", "w1", "q.what", "W1"), []string{"q.what unknown"}},
		{"other where none is offered", form("q.only", "other"), []string{"q.only unknown"}},
		{"choices at fault and their text as well", form("q.what", "w9", "q.what.other", strings.Repeat("x", 5001)),
			[]string{"q.what unknown", "q.what.other too_long"}},
		{"rank twice", form("q.rank.w1", "1", "q.rank.w2", "1"), []string{"q.rank.w2 rank_twice"}},
		{"rank gap", form("q.rank.w1", "1", "q.rank.w2", "3"), []string{"q.rank rank_gap"}},
		{"ranks from 2", form("q.rank.w1", "2"), []string{"q.rank rank_gap"}},
		{"rank 0", form("q.rank.w1", "0"), []string{"q.rank.w1 out_of_range"}},
		{"rank 4 of 3", form("q.rank.w1", "4"), []string{"q.rank.w1 out_of_range"}},
		{"rank in words", form("q.rank.w1", "first"), []string{"q.rank.w1 out_of_range"}},
		{"text of 5,000", form("q.say", strings.Repeat("é", 5000)), nil},
		{"text of 5,001", form("q.say", strings.Repeat("é", 5001)), []string{"q.say too_long"}},
		{"invalid UTF-8", form("q.say", "caf\xe9"), []string{"q.say not_text"}},
		{"half a surrogate pair", form("q.when.other", "\xed\xa0\x80"), []string{"q.when.other not_text"}},
		{"required not answered", form("q.easier", "", "q.worried", "3"), []string{"q.easier required"}},
		{"required and hidden", form("q.easier", "3"), nil},
		{"required and shown", form("q.easier", "2"), []string{"q.why required"}},
		{"nothing at all", form("q.easier", ""), []string{"q.easier required"}},
		{"no department", form("department", ""), []string{"department required"}},
		{"department of another form", form("department", "5"), []string{"department unknown"}},
		{"department in words", form("department", "Legal"), []string{"department unknown"}},
		{"department beyond numbers", form("department", "99999999999999999999"), []string{"department unknown"}},
		{"band of another form", form("band", "1"), []string{"band unknown"}},
		{"no receipt", form("receipt", ""), []string{"receipt receipt"}},
		{"bad receipt", form("receipt", "x' OR 1=1 --"), []string{"receipt receipt"}},
		{"department missing beside required answers", form("department", "", "q.easier", ""),
			[]string{"department required", "q.easier required"}},
		{"one wrong, another missing", form("q.easier", "", "q.worried", "9"), []string{"q.easier required", "q.worried out_of_range"}},
		{"many at once", form("receipt", "", "department", "9", "band", "9", "q.easier", "9", "q.praise", "x", "q.say", "\xff", "q.x", ""),
			[]string{"band unknown", "department unknown", "q.easier out_of_range", "q.praise out_of_range", "q.say not_text", "q.x unknown", "receipt receipt"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, faults := pulse().ReadReply(row.form, everyone())
			if got := codes(faults); !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
			for _, f := range faults {
				if f.Detail == "" {
					t.Errorf("%s says nothing", f.Path)
				}
			}
		})
	}
}

func TestAnEmptyFormIsNotAnAnswer(t *testing.T) {
	doc := &surveys.Document{Language: "en", Questions: []surveys.Question{
		{ID: "a", Kind: surveys.Scale, Points: 5}, {ID: "b", Kind: surveys.Text}, {ID: "c", Kind: surveys.Choices, Options: []surveys.Option{{ID: "x"}}},
	}}
	for _, row := range []struct {
		name     string
		form     surveys.Form
		audience surveys.Audience
		want     []string
	}{
		{"empty fields", surveys.Form{"receipt": {string(aReceipt)}, "q.a": {""}, "q.b": {""}, "q.c": {"", ""}}, surveys.Audience{}, []string{"empty"}},
		{"no fields", surveys.Form{"receipt": {string(aReceipt)}}, surveys.Audience{}, []string{"empty"}},
		{"department missing too", surveys.Form{"receipt": {string(aReceipt)}}, everyone(), []string{"department required", "empty"}},
		{"a wrong answer is not nothing", surveys.Form{"receipt": {string(aReceipt)}, "q.a": {"9"}}, surveys.Audience{}, []string{"q.a out_of_range"}},
		{"a text alone is an answer", surveys.Form{"receipt": {string(aReceipt)}, "q.b": {" "}}, surveys.Audience{}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, faults := doc.ReadReply(row.form, row.audience); !slices.Equal(codes(faults), row.want) {
				t.Errorf("got %q, want %q", codes(faults), row.want)
			}
		})
	}
}

func TestRequiredQuestionsOfEveryKind(t *testing.T) {
	options := []surveys.Option{{ID: "x"}, {ID: "y"}}
	for _, row := range []struct {
		kind     surveys.Kind
		answer   []string
		question string
	}{
		{surveys.Scale, []string{"q.a", "1"}, ""}, {surveys.Recommend, []string{"q.a", "0"}, ""}, {surveys.Choice, []string{"q.a", "x"}, ""},
		{surveys.Choices, []string{"q.a", "x"}, ""}, {surveys.Ranking, []string{"q.a.x", "1"}, ""}, {surveys.Text, []string{"q.a", "x"}, ""},
	} {
		doc := &surveys.Document{Language: "en", Questions: []surveys.Question{{ID: "a", Kind: row.kind, Points: 5, Options: options, Required: true}}}
		blank := surveys.Form{"receipt": {string(aReceipt)}}
		if _, faults := doc.ReadReply(blank, surveys.Audience{}); !slices.Equal(codes(faults), []string{"q.a required"}) {
			t.Errorf("%s not answered: %q", row.kind, codes(faults))
		}
		blank[row.answer[0]] = row.answer[1:]
		if _, faults := doc.ReadReply(blank, surveys.Audience{}); len(faults) > 0 {
			t.Errorf("%s answered: %q", row.kind, codes(faults))
		}
	}
}

// A required question whose answer is wrong is wrong, not missing as well.
func TestAWrongRequiredAnswerIsNamedOnce(t *testing.T) {
	doc := &surveys.Document{Language: "en", Questions: []surveys.Question{{ID: "a", Kind: surveys.Ranking, Options: []surveys.Option{{ID: "x"}, {ID: "y"}}, Required: true}}}
	_, faults := doc.ReadReply(surveys.Form{"receipt": {string(aReceipt)}, "q.a.x": {"1"}, "q.a.y": {"1"}}, surveys.Audience{})
	if got := codes(faults); !slices.Equal(got, []string{"q.a.y rank_twice"}) {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsReadOfAForm(t *testing.T) {
	read := func(pairs ...string) surveys.Reply {
		t.Helper()
		reply, faults := pulse().ReadReply(form(pairs...), everyone())
		if len(faults) > 0 {
			t.Fatalf("%q: %v", pairs, faults)
		}
		return reply
	}
	answers := func(r surveys.Reply) string {
		s, err := r.Answers.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, row := range []struct {
		name  string
		pairs []string
		want  string
		texts map[string]string
	}{
		{"numbers", []string{"q.worried", "7", "q.praise", "0"}, `{"easier":4,"praise":0,"worried":7}`, nil},
		{"choices in the question's order", []string{"q.what", "w3", "q.what", "", "q.what", "w1"}, `{"easier":4,"what":["w1","w3"]}`, nil},
		{"other without text", []string{"q.when", "other"}, `{"easier":4,"when":["other"]}`, nil},
		{"text beside a choice not ticked means other", []string{"q.when.other", "May"}, `{"easier":4,"when":["other"]}`, map[string]string{"when": "May"}},
		{"text beside a ticked choice stays", []string{"q.when", "w2", "q.when.other", "or May"}, `{"easier":4,"when":["w2"]}`, map[string]string{"when": "or May"}},
		{"text beside choices ticks other", []string{"q.what", "w2", "q.what.other", "May"}, `{"easier":4,"what":["w2","other"]}`, map[string]string{"what": "May"}},
		{"best first", []string{"q.rank.w3", "1", "q.rank.w1", "2"}, `{"easier":4,"rank":["w3","w1"]}`, nil},
		{"hidden answers are dropped", []string{"q.easier", "3", "q.why", "secret", "q.order.w1", "1"}, `{"easier":3}`, nil},
		{"shown answers are kept", []string{"q.easier", "1", "q.why", "cost", "q.order.w1", "1"}, `{"easier":1,"order":["w1"]}`, map[string]string{"why": "cost"}},
		{"faults of hidden questions are dropped too", []string{"q.easier", "3", "q.order.w1", "1", "q.order.w2", "1", "q.why", "\xff"}, `{"easier":3}`, nil},
		{"faults further down a hidden branch", []string{"q.easier", "3", "q.costs", "9", "q.more", "\xff"}, `{"easier":3}`, nil},
		{"browsers' line ends", []string{"q.say", "one\r\ntwo\r\n\r\nthree\n"}, `{"easier":4}`, map[string]string{"say": "one\ntwo\n\nthree\n"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply := read(row.pairs...)
			if got := answers(reply); got != row.want {
				t.Errorf("answers %s, want %s", got, row.want)
			}
			if len(reply.Texts)+len(row.texts) > 0 && !reflect.DeepEqual(reply.Texts, row.texts) {
				t.Errorf("texts %q, want %q", reply.Texts, row.texts)
			}
		})
	}
}

// While the deciding answer is itself at fault, nobody knows yet whether the question is hidden.
func TestFaultsStayWhereTheDecidingAnswerIsWrong(t *testing.T) {
	_, faults := pulse().ReadReply(form("q.easier", "9", "q.why", "\xff"), everyone())
	if got := codes(faults); !slices.Equal(got, []string{"q.easier out_of_range", "q.why not_text"}) {
		t.Errorf("got %q", got)
	}
}

func TestTheLinkOutweighsTheForm(t *testing.T) {
	fixed := everyone()
	fixed.Fixed = 9
	for name, c := range map[string]struct {
		form       surveys.Form
		audience   surveys.Audience
		department surveys.DepartmentID
		band       surveys.BandID
		language   string
	}{
		"asked":                      {form("department", "4", "band", "8", "lang", "de"), everyone(), 4, 8, "de"},
		"band not said":              {form(), everyone(), 3, 0, "en"},
		"band empty":                 {form("band", ""), everyone(), 3, 0, "en"},
		"fixed, form says another":   {form("department", "4"), fixed, 9, 0, "en"},
		"fixed, form says nonsense":  {form("department", "Legal"), fixed, 9, 0, "en"},
		"fixed, form says it twice":  {form("department", "3", "department", "4"), fixed, 9, 0, "en"},
		"no departments":             {form("department", "4"), surveys.Audience{}, 0, 0, "en"},
		"no bands":                   {form("band", "7"), surveys.Audience{Departments: everyone().Departments}, 3, 0, "en"},
		"a language not offered":     {form("lang", "fr"), everyone(), 3, 0, "en"},
		"a language of another case": {form("lang", "DE"), everyone(), 3, 0, "en"},
	} {
		t.Run(name, func(t *testing.T) {
			r, faults := pulse().ReadReply(c.form, c.audience)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if r.Department != c.department || r.Band != c.band || r.Language != c.language || r.Receipt != aReceipt {
				t.Errorf("got department %d, band %d, language %s, receipt %s", r.Department, r.Band, r.Language, r.Receipt)
			}
		})
	}
}

func TestAHundredThousandFieldsAreReadInTime(t *testing.T) {
	f := form()
	for i := range 100_000 {
		f[fmt.Sprint("q.stranger", i)] = []string{""}
	}
	_, faults := pulse().ReadReply(f, everyone())
	if len(faults) == 0 || len(faults) > 1000 {
		t.Errorf("%d faults", len(faults))
	}
}
