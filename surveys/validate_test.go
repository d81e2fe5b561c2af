package surveys_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"soundings/surveys"
)

// complete is a document without a fault that uses everything.
func complete() *surveys.Document {
	d := &surveys.Document{
		Title: "New laptops", Purpose: surveys.AboutChange, Intro: "Two minutes.",
		Constructs: []surveys.Construct{{ID: "mobile", Name: "Mobile work"}},
		Questions: []surveys.Question{
			{ID: "easier", Kind: surveys.Scale, Text: "Easier?", Help: "Think of a normal week.", Construct: surveys.Openness,
				Labels: []string{"No", "Hardly", "Partly", "Mostly", "Yes"}},
			{ID: "desk", Kind: surveys.Scale, Points: 7, Text: "At a desk?", Construct: "mobile", Reversed: true},
			{ID: "nps", Kind: surveys.Recommend, Text: "Recommend?"},
			{ID: "when", Kind: surveys.Choice, Text: "When?", Other: true, Options: []surveys.Option{{ID: "w1", Text: "March"}, {ID: "w2", Text: "May"}}},
			{ID: "need", Kind: surveys.Choices, Text: "What?", Options: []surveys.Option{{ID: "1", Text: "Training"}}},
			{ID: "first", Kind: surveys.Ranking, Text: "Who?", Options: []surveys.Option{{ID: "a", Text: "We"}, {ID: "b", Text: "They"}}},
			{ID: "why", Kind: surveys.Text, Text: "Why?", ShowIf: &surveys.Condition{Question: "when", In: []string{"w2", "other"}}},
		},
		Translations: map[string]surveys.Translation{"de": {
			Title: "Neue Laptops", Intro: "Zwei Minuten.",
			Questions: map[string]surveys.QuestionTranslation{
				"easier": {Text: "Leichter?", Help: "Eine gewöhnliche Woche.", Labels: []string{"Nein", "Kaum", "Teils", "Meist", "Ja"}},
				"desk":   {Text: "Am Tisch?"},
				"nps":    {Text: "Empfehlen?"},
				"when":   {Text: "Wann?", Options: map[string]string{"w1": "März", "w2": "Mai"}},
				"need":   {Text: "Was?", Options: map[string]string{"1": "Schulung"}},
				"first":  {Text: "Wer?", Options: map[string]string{"a": "Wir", "b": "Die"}},
				"why":    {Text: "Warum?"},
			},
		}},
	}
	d.Normalise()
	return d
}

func listed(faults surveys.Faults) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.Path + " " + f.Code
	}
	return strings.Join(lines, "\n")
}

func TestACompleteDocumentHasNoFault(t *testing.T) {
	if got := complete().Validate(); len(got) > 0 {
		t.Errorf("faults: %v", got)
	}
}

func TestWhatIsLeftOutIsFilledIn(t *testing.T) {
	d := &surveys.Document{
		Questions:    []surveys.Question{{Kind: surveys.Scale, Labels: []string{}, ShowIf: &surveys.Condition{In: []string{}}}, {Kind: surveys.Text}},
		Translations: map[string]surveys.Translation{},
	}
	d.Normalise()
	want := &surveys.Document{
		Purpose: "custom", Language: "en", Anonymity: "anonymous", Minimum: 5, Results: "closed",
		Questions: []surveys.Question{{Kind: "scale", Points: 5, ShowIf: &surveys.Condition{}}, {Kind: "text"}},
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("normalised to\n%+v\nwant\n%+v", d, want)
	}
	kept := complete()
	kept.Language, kept.Minimum, kept.Results, kept.Anonymity = "de", 9, surveys.WhileOpen, surveys.Named
	again := *kept
	again.Normalise()
	if !reflect.DeepEqual(&again, kept) {
		t.Errorf("what was written has changed: %+v", again)
	}
}

type breakage struct {
	name   string
	change func(d *surveys.Document)
	want   string // every fault that follows, by path and code
}

func checkBreakages(t *testing.T, table []breakage) {
	t.Helper()
	for _, tt := range table {
		t.Run(tt.name, func(t *testing.T) {
			d := complete()
			tt.change(d)
			faults := d.Validate()
			if got := listed(faults); got != tt.want {
				t.Errorf("faults\n%s\nwant\n%s", got, tt.want)
			}
			for _, f := range faults {
				if f.Detail == "" || len(f.Detail) > 300 {
					t.Errorf("%s: the detail is %q", f.Path, f.Detail)
				}
				if v := f.Args["value"]; v != "" && len(v) < 40 && !strings.Contains(f.Detail, v) {
					t.Errorf("%s: %q does not name the wrong value %q", f.Path, f.Detail, v)
				}
			}
		})
	}
}

func TestRulesOfTheDocument(t *testing.T) {
	checkBreakages(t, []breakage{
		{"title", func(d *surveys.Document) { d.Title = " \n" }, "title required"},
		{"long title", func(d *surveys.Document) { d.Title = strings.Repeat("ü", 301) }, "title too_long"},
		{"title of the greatest length", func(d *surveys.Document) { d.Title = strings.Repeat("ü", 300) }, ""},
		{"broken title", func(d *surveys.Document) { d.Title = "a\xff" }, "title not_text"},
		{"purpose", func(d *surveys.Document) { d.Purpose = "Change" }, "purpose unknown"},
		{"no purpose", func(d *surveys.Document) { d.Purpose = "" }, "purpose required"},
		{"change", func(d *surveys.Document) { d.Change = "expense-tool" }, ""},
		{"change of another purpose", func(d *surveys.Document) { d.Purpose, d.Change = surveys.AboutOther, "expense-tool" }, "change not_allowed"},
		{"change in words", func(d *surveys.Document) { d.Change = "the expense tool" }, "change format"},
		{"no language", func(d *surveys.Document) { d.Language = "" }, "language required"},
		{"language in words", func(d *surveys.Document) { d.Language = "English" }, "language format"},
		{"language with an underscore", func(d *surveys.Document) { d.Language = "en_GB" }, "language format"},
		{"language with a region", func(d *surveys.Document) { d.Language = "sr-Latn-RS" }, ""},
		{"language without end", func(d *surveys.Document) { d.Language = "en" + strings.Repeat("-abcdefgh", 4) }, "language format"},
		{"anonymity", func(d *surveys.Document) { d.Anonymity = "secret" }, "anonymity unknown"},
		{"minimum under 3", func(d *surveys.Document) { d.Minimum = 2 }, "minimum out_of_range"},
		{"minimum of 3", func(d *surveys.Document) { d.Minimum = 3 }, ""},
		{"minimum of 100", func(d *surveys.Document) { d.Minimum = 100 }, ""},
		{"minimum over 100", func(d *surveys.Document) { d.Minimum = 101 }, "minimum out_of_range"},
		{"minimum of a named survey", func(d *surveys.Document) { d.Anonymity, d.Minimum = surveys.Named, 1 }, ""},
		{"negative minimum of a named survey", func(d *surveys.Document) { d.Anonymity, d.Minimum = surveys.Named, -1 }, "minimum out_of_range"},
		{"results", func(d *surveys.Document) { d.Results = "always" }, "show_results unknown"},
		{"blank intro", func(d *surveys.Document) { d.Intro = " " }, "intro required"},
		{"long intro", func(d *surveys.Document) { d.Intro = strings.Repeat("x", 5001) }, "intro too_long"},
		{"construct without a name", func(d *surveys.Document) { d.Constructs[0].Name = "" }, "constructs[0].name required"},
		{"construct named like a built-in one", func(d *surveys.Document) {
			d.Constructs = append(d.Constructs, surveys.Construct{ID: "openness", Name: "Ours"})
		}, "constructs[1].id reserved"},
		{"construct twice", func(d *surveys.Document) { d.Constructs = append(d.Constructs, d.Constructs[0]) }, "constructs[1].id duplicate"},
		{"construct with a blank in its id", func(d *surveys.Document) {
			d.Constructs = append(d.Constructs, surveys.Construct{ID: "my own", Name: "Ours"})
		}, "constructs[1].id format"},
		{"51 constructs", func(d *surveys.Document) {
			for i := range 50 {
				d.Constructs = append(d.Constructs, surveys.Construct{ID: fmt.Sprintf("c%d", i), Name: "C"})
			}
		}, "constructs too_many"},
	})
}

func TestRulesOfAQuestion(t *testing.T) {
	checkBreakages(t, []breakage{
		{"no question", func(d *surveys.Document) { d.Questions, d.Translations = nil, nil }, "questions too_few"},
		{"201 questions", func(d *surveys.Document) {
			d.Translations = nil
			for i := range 201 - len(d.Questions) {
				d.Questions = append(d.Questions, surveys.Question{ID: fmt.Sprintf("t%d", i), Kind: surveys.Text, Text: "T"})
			}
		}, "questions too_many"},
		{"no id", func(d *surveys.Document) { d.Questions[2].ID = ""; d.Translations = nil }, "questions[2].id required"},
		{"id that starts with a digit", func(d *surveys.Document) { d.Questions[2].ID = "1st"; d.Translations = nil }, "questions[2].id format"},
		{"id with a dot", func(d *surveys.Document) { d.Questions[2].ID = "a.b"; d.Translations = nil }, "questions[2].id format"},
		{"id of 65 characters", func(d *surveys.Document) { d.Questions[2].ID = strings.Repeat("a", 65); d.Translations = nil }, "questions[2].id format"},
		{"id of 64 characters", func(d *surveys.Document) { d.Questions[2].ID = strings.Repeat("a", 64); d.Translations = nil }, ""},
		{"id twice", func(d *surveys.Document) { d.Questions[2].ID = "easier"; d.Translations = nil }, "questions[2].id duplicate"},
		{"no kind", func(d *surveys.Document) { d.Questions[2].Kind = "" }, "questions[2].kind required"},
		{"kind", func(d *surveys.Document) { d.Questions[2].Kind = "stars" }, "questions[2].kind unknown"},
		{"no text", func(d *surveys.Document) { d.Questions[6].Text = "" }, "questions[6].text required"},
		{"long text", func(d *surveys.Document) { d.Questions[6].Text = strings.Repeat("x", 1001) }, "questions[6].text too_long"},
		{"long help", func(d *surveys.Document) { d.Questions[0].Help = strings.Repeat("x", 2001) }, "questions[0].help too_long"},
		{"6 points", func(d *surveys.Document) { d.Questions[1].Points = 6 }, "questions[1].points out_of_range"},
		{"points of a recommend question", func(d *surveys.Document) { d.Questions[2].Points = 5 }, "questions[2].points not_allowed"},
		{"reversed choice", func(d *surveys.Document) { d.Questions[3].Reversed = true }, "questions[3].reversed not_allowed"},
		{"labels of a recommend question", func(d *surveys.Document) { d.Questions[2].Labels = []string{"a"} },
			"questions[2].labels not_allowed\ntranslations.de.questions.nps.labels untranslated"},
		{"4 labels for 5 points", func(d *surveys.Document) { d.Questions[0].Labels = []string{"1", "2", "3", "4"} },
			"questions[0].labels count\ntranslations.de.questions.easier.labels count"},
		{"an empty label", func(d *surveys.Document) { d.Questions[0].Labels[3] = "" }, "questions[0].labels[3] required"},
		{"a long label", func(d *surveys.Document) { d.Questions[0].Labels[3] = strings.Repeat("x", 201) }, "questions[0].labels[3] too_long"},
		{"unknown construct", func(d *surveys.Document) { d.Questions[0].Construct = "Openness" }, "questions[0].construct unknown"},
		{"construct of a recommend question", func(d *surveys.Document) { d.Questions[2].Construct = surveys.Engagement }, "questions[2].construct not_allowed"},
		{"18 items of a construct", func(d *surveys.Document) {
			d.Translations = nil
			for i := range 17 { // openness has one already
				d.Questions = append(d.Questions, surveys.Question{ID: fmt.Sprintf("s%d", i), Kind: surveys.Scale, Points: 5, Text: "S", Construct: surveys.Openness})
			}
		}, "questions[22].construct too_many"},
		{"16 items of a construct", func(d *surveys.Document) {
			d.Translations = nil
			for i := range 15 {
				d.Questions = append(d.Questions, surveys.Question{ID: fmt.Sprintf("s%d", i), Kind: surveys.Scale, Points: 5, Text: "S", Construct: surveys.Openness})
			}
		}, ""},
	})
}

func TestRulesOfOptions(t *testing.T) {
	checkBreakages(t, []breakage{
		{"one option to choose", func(d *surveys.Document) { d.Questions[3].Options = d.Questions[3].Options[:1] },
			"questions[3].options too_few\nquestions[6].show_if.in[0] unknown\ntranslations.de.questions.when.options.w2 unknown"},
		{"one option to rank", func(d *surveys.Document) { d.Questions[5].Options = d.Questions[5].Options[:1] },
			"questions[5].options too_few\ntranslations.de.questions.first.options.b unknown"},
		{"no option to tick", func(d *surveys.Document) { d.Questions[4].Options = nil },
			"questions[4].options too_few\ntranslations.de.questions.need.options.1 unknown"},
		{"101 options", func(d *surveys.Document) {
			d.Translations = nil
			for i := range 100 {
				d.Questions[4].Options = append(d.Questions[4].Options, surveys.Option{ID: fmt.Sprintf("o%d", i), Text: "O"})
			}
		}, "questions[4].options too_many"},
		{"options of a text", func(d *surveys.Document) { d.Questions[6].Options = []surveys.Option{{ID: "a", Text: "A"}} },
			"questions[6].options not_allowed\ntranslations.de.questions.why.options.a untranslated"},
		{"no option id", func(d *surveys.Document) { d.Questions[5].Options[1].ID = "" },
			"questions[5].options[1].id required\ntranslations.de.questions.first.options.b unknown"},
		{"option id with a dash in front", func(d *surveys.Document) { d.Questions[5].Options[1].ID = "-b"; d.Translations = nil },
			"questions[5].options[1].id format"},
		{"option called other", func(d *surveys.Document) { d.Questions[5].Options[1].ID = "other"; d.Translations = nil },
			"questions[5].options[1].id reserved"},
		{"option id twice", func(d *surveys.Document) { d.Questions[5].Options[1].ID = "a"; d.Translations = nil },
			"questions[5].options[1].id duplicate"},
		{"option without a text", func(d *surveys.Document) { d.Questions[5].Options[1].Text = "" },
			"questions[5].options[1].text required"},
		{"long option", func(d *surveys.Document) { d.Questions[5].Options[1].Text = strings.Repeat("x", 301) }, "questions[5].options[1].text too_long"},
		{"other beside a ranking", func(d *surveys.Document) { d.Questions[5].Other = true }, "questions[5].other not_allowed"},
		{"other beside a scale", func(d *surveys.Document) { d.Questions[0].Other = true }, "questions[0].other not_allowed"},
	})
}

func TestRulesOfShowIf(t *testing.T) {
	on := func(question string, in ...string) func(*surveys.Document) {
		return func(d *surveys.Document) { d.Questions[6].ShowIf = &surveys.Condition{Question: question, In: in} }
	}
	checkBreakages(t, []breakage{
		{"no question", on("", "1"), "questions[6].show_if.question required"},
		{"a missing question", on("gone", "1"), "questions[6].show_if.question missing"},
		{"itself", on("why", "1"), "questions[6].show_if.question itself"},
		{"a later question", func(d *surveys.Document) {
			d.Questions[1].ShowIf = &surveys.Condition{Question: "nps", In: []string{"1"}}
		}, "questions[1].show_if.question later"},
		{"a ranking", on("first", "a"), "questions[6].show_if.question not_closed"},
		{"a text", func(d *surveys.Document) {
			d.Questions[5] = surveys.Question{ID: "first", Kind: surveys.Text, Text: "Who?"}
			d.Questions[6].ShowIf = &surveys.Condition{Question: "first", In: []string{"a"}}
			d.Translations = nil
		}, "questions[6].show_if.question not_closed"},
		{"no answers", on("easier"), "questions[6].show_if.in required"},
		{"an answer twice", on("easier", "1", "2", "1"), "questions[6].show_if.in[2] duplicate"},
		{"points there are", on("desk", "1", "7"), ""},
		{"points there are not", on("desk", "0", "8"), "questions[6].show_if.in[0] unknown\nquestions[6].show_if.in[1] unknown"},
		{"recommendations there are", on("nps", "0", "10"), ""},
		{"recommendations there are not", on("nps", "-1", "11"), "questions[6].show_if.in[0] unknown\nquestions[6].show_if.in[1] unknown"},
		{"numbers spelt otherwise", on("nps", "01", "+1", "1.0", " 1", "one"),
			"questions[6].show_if.in[0] unknown\nquestions[6].show_if.in[1] unknown\nquestions[6].show_if.in[2] unknown\nquestions[6].show_if.in[3] unknown\nquestions[6].show_if.in[4] unknown"},
		{"options there are", on("need", "1"), ""},
		{"an option there is not", on("need", "2"), "questions[6].show_if.in[0] unknown"},
		{"other where it is not offered", on("need", "other"), "questions[6].show_if.in[0] unknown"},
	})
}

func TestRulesOfTranslations(t *testing.T) {
	// question changes the German texts of one question.
	question := func(id string, change func(q *surveys.QuestionTranslation)) func(*surveys.Document) {
		return func(d *surveys.Document) {
			q := d.Translations["de"].Questions[id]
			change(&q)
			d.Translations["de"].Questions[id] = q
		}
	}
	translation := func(change func(t *surveys.Translation)) func(*surveys.Document) {
		return func(d *surveys.Document) {
			t := d.Translations["de"]
			change(&t)
			d.Translations["de"] = t
		}
	}
	type qt = surveys.QuestionTranslation
	checkBreakages(t, []breakage{
		{"into its own language", func(d *surveys.Document) { d.Language = "DE" }, "translations.de same_language"},
		{"into one language twice", func(d *surveys.Document) { d.Translations["DE"] = d.Translations["de"] }, "translations.de duplicate"},
		{"into no language", func(d *surveys.Document) {
			d.Translations["german"] = d.Translations["de"]
			delete(d.Translations, "de")
		}, "translations.german format"},
		{"title", translation(func(t *surveys.Translation) { t.Title = " " }), "translations.de.title untranslated"},
		{"intro", translation(func(t *surveys.Translation) { t.Intro = "" }), "translations.de.intro untranslated"},
		{"intro of a survey that has none", func(d *surveys.Document) { d.Intro = "" }, "translations.de.intro not_allowed"},
		{"long title", translation(func(t *surveys.Translation) { t.Title = strings.Repeat("x", 301) }), "translations.de.title too_long"},
		{"question left out", func(d *surveys.Document) { delete(d.Translations["de"].Questions, "easier") },
			"translations.de.questions.easier.text untranslated\ntranslations.de.questions.easier.help untranslated\ntranslations.de.questions.easier.labels untranslated"},
		{"text", question("why", func(q *qt) { q.Text = "" }), "translations.de.questions.why.text untranslated"},
		{"help", question("easier", func(q *qt) { q.Help = "" }), "translations.de.questions.easier.help untranslated"},
		{"help of a question that has none", question("why", func(q *qt) { q.Help = "Hilfe" }), "translations.de.questions.why.help not_allowed"},
		{"labels", question("easier", func(q *qt) { q.Labels = nil }), "translations.de.questions.easier.labels untranslated"},
		{"too few labels", question("easier", func(q *qt) { q.Labels = q.Labels[:4] }), "translations.de.questions.easier.labels count"},
		{"an empty label", question("easier", func(q *qt) { q.Labels[1] = "" }), "translations.de.questions.easier.labels[1] required"},
		{"labels of a question that has none", question("desk", func(q *qt) { q.Labels = []string{"a"} }), "translations.de.questions.desk.labels not_allowed"},
		{"option", question("when", func(q *qt) { delete(q.Options, "w2") }), "translations.de.questions.when.options.w2 untranslated"},
		{"unknown option", question("when", func(q *qt) { q.Options["w3"] = "Juni" }), "translations.de.questions.when.options.w3 unknown"},
		{"the program's own option", question("when", func(q *qt) { q.Options["other"] = "Anderes" }), "translations.de.questions.when.options.other unknown"},
		{"unknown question", question("gone", func(q *qt) { q.Text = "Weg" }), "translations.de.questions.gone unknown"},
		{"51 languages", func(d *surveys.Document) {
			for i := range 50 {
				d.Translations[fmt.Sprintf("q%c%c", 'a'+i/26, 'a'+i%26)] = d.Translations["de"]
			}
		}, "translations too_many"},
	})
}

func TestEveryFaultIsFoundAtOnce(t *testing.T) {
	d := complete()
	d.Title, d.Minimum, d.Questions[1].Points, d.Questions[4].Options[0].ID = "", 1, 4, "other"
	d.Translations["de"].Questions["need"].Options["1"] = ""
	want := "title required\nminimum out_of_range\nquestions[1].points out_of_range\nquestions[4].options[0].id reserved\n" +
		"translations.de.questions.need.options.other untranslated\ntranslations.de.questions.need.options.1 unknown"
	if got := listed(d.Validate()); got != want {
		t.Errorf("faults\n%s\nwant\n%s", got, want)
	}
}

func TestAFaultOfADocumentSaysItsLine(t *testing.T) {
	faults := surveys.Faults{{Path: "title", Detail: "is empty", Line: 3}, {Path: "q.easier", Detail: "needs an answer"}}
	if got := faults.Error(); got != "line 3: title: is empty; q.easier: needs an answer" {
		t.Errorf("Error() = %q", got)
	}
}
