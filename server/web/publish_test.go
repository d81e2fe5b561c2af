package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/analytics"
	"soundings/analytics/tally"
	"soundings/surveys"
	"soundings/surveys/document"
	"soundings/surveys/drafts"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
	"soundings/surveys/waves"
)

// next begins the next version of a survey with a change of its newest document.
func (a *author) next(survey surveys.SurveyID, change func(doc *surveys.Document)) drafts.Draft {
	a.t.Helper()
	newest, err := a.Catalog.Newest(context.Background(), survey)
	if err != nil {
		a.t.Fatal(err)
	}
	source, err := document.Format(newest.Document)
	if err != nil {
		a.t.Fatal(err)
	}
	doc, err := document.Parse(source) // a copy
	if err != nil {
		a.t.Fatal(err)
	}
	change(doc)
	d, err := drafts.Create(context.Background(), a.Store, survey, *doc, drafts.Stamp{By: "author@example.org", At: a.Now()})
	if err != nil {
		a.t.Fatal(err)
	}
	return d
}

// publish publishes a draft on its page and returns its survey's newest questionnaire.
func (a *author) publish(d drafts.Draft, keeps ...string) *surveys.Questionnaire {
	a.t.Helper()
	pairs := []string{"version", fmt.Sprint(d.Version)}
	for _, id := range keeps {
		pairs = append(pairs, "keeps", id)
	}
	if r := a.send(at(d, "/publish"), pairs...); r.status != http.StatusSeeOther {
		a.t.Fatalf("status %d\n%s", r.status, r.body)
	}
	q, err := a.Catalog.Questionnaire(context.Background(), a.draft(d.ID).Published)
	if err != nil {
		a.t.Fatal(err)
	}
	return q
}

// asked runs a wave over a questionnaire: six people answer everything with one number, and it closes.
func (a *author) asked(q *surveys.Questionnaire, label string) {
	a.t.Helper()
	var code string
	var wave surveys.Wave
	a.transact(func(tx *store.Tx) error {
		w, links, err := waves.Open(tx, waves.New{Questionnaire: q, Label: label, At: a.Now()})
		if err == nil {
			code, wave = links[0].Code, w
		}
		return err
	})
	for i := range 6 {
		form := url.Values{"receipt": {string(surveys.NewReceipt())}, "department": {"1"}, "band": {"1"}}
		for _, question := range q.Document.Questions {
			if question.Kind == surveys.Scale {
				form.Set(surveys.FieldOf(question.ID), fmt.Sprint(1+i%5))
			}
		}
		if r := a.post("/s/"+code, form); r.status != http.StatusSeeOther {
			a.t.Fatalf("status %d\n%s", r.status, r.body)
		}
	}
	if err := tally.Close(context.Background(), a.Store, q, wave.ID, a.Now()); err != nil {
		a.t.Fatal(err)
	}
	a.clock.add(freshness)
}

// What the page promises of the trend of openness is what the trend page then draws: whether its last two waves are joined.
func TestTrendsContinueAndBreakAsThePageSaid(t *testing.T) {
	const goesOn, breaks, unless = ">goes on<", ">breaks<", ">breaks, unless you state of every question with new words that it keeps its meaning<"
	reword := func(doc *surveys.Document) {
		doc.Questions[0].Text = "This change would give me more time for what matters."
	}
	for _, tt := range []struct {
		name   string
		change func(doc *surveys.Document)
		keeps  []string
		says   string // of openness
		joined bool
	}{
		{"another title", func(doc *surveys.Document) { doc.Title = "Another" }, nil, goesOn, true},
		{"another order", func(doc *surveys.Document) { doc.Questions[0], doc.Questions[1] = doc.Questions[1], doc.Questions[0] }, nil, goesOn, true},
		{"new words", reword, nil, unless, false},
		{"new words that mean the same", reword, []string{"benefit"}, unless, true},
		{"a turned statement", func(doc *surveys.Document) { doc.Questions[1].Reversed = false }, nil, breaks, false},
		{"seven points", func(doc *surveys.Document) { doc.Questions[2].Points = 7 }, nil, breaks, false},
		{"a statement less", func(doc *surveys.Document) { doc.Questions[3].Construct = "" }, nil, breaks, false},
		{"another comment", func(doc *surveys.Document) { doc.Questions[9].Text = "Anything else?" }, nil, goesOn, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := newOffice(t, storetest.SQLite(t)).staffed().author()
			q := a.publish(a.take("change-pulse"))
			a.asked(q, "One")
			d := a.next(q.Survey, tt.change)
			page := a.page(at(d, "/publish"))
			_, measures, _ := strings.Cut(page, "What becomes of the measures")
			if !strings.Contains(measures, tt.says) {
				t.Errorf("the page says of openness\n%s", measures)
			}
			a.asked(a.publish(d, tt.keeps...), "Two")
			trend, err := a.Results.Trend(context.Background(), analytics.TrendQuery{Construct: surveys.Openness, Survey: q.Survey})
			if err != nil || len(trend.Waves) != 2 {
				t.Fatalf("%d waves, %v", len(trend.Waves), err)
			}
			if trend.Comparable(0, 1) != tt.joined {
				t.Errorf("the waves are joined: %v", !tt.joined)
			}
		})
	}
}

func TestPublishingShowsWhatBecomesOfEachQuestion(t *testing.T) {
	a := newOffice(t, storetest.SQLite(t)).staffed().author()
	first := a.take("change-pulse")
	if page := a.page(at(first, "/publish")); !strings.Contains(page, "Publishing makes a new survey.") || strings.Contains(page, `name="keeps"`) {
		t.Errorf("of a new survey it says\n%s", page)
	}
	q := a.publish(first)
	d := a.next(q.Survey, func(doc *surveys.Document) {
		doc.Questions[0].Text = "Reworded <b>."
		doc.Questions[7].Other = false
		doc.Questions[8].ShowIf.In = []string{"1"}
		doc.Questions[9].ID = "more"
		for _, lang := range []string{"de"} {
			doc.Translations[lang].Questions["more"] = doc.Translations[lang].Questions["say"]
			delete(doc.Translations[lang].Questions, "say")
		}
	})
	page := a.page(at(d, "/publish"))
	for _, want := range []string{"Publishing makes version 2 of this survey.", "The trends of 6 questions go on by themselves. 4 break or end.", "Reworded &lt;b&gt;.",
		"wording changed", "answers changed", "who is asked has changed", ">new<", ">removed<", "This change would leave me more time"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := strings.Count(page, `name="keeps"`); n != 1 || !strings.Contains(page, `name="keeps" value="benefit"`) {
		t.Errorf("%d questions can keep their meaning", n)
	}
}

func TestAStatementIsShownWithWhoAndWhen(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		a := o.author()
		q := a.publish(a.take("change-pulse"))
		a.asked(q, "Spring")
		source, err := a.Catalog.Source(t.Context(), q.ID)
		if err != nil {
			t.Fatal(err)
		}
		d := a.next(q.Survey, func(doc *surveys.Document) {
			doc.Questions[0].Text = "Reworded."
			doc.Questions[1].Text = "Reworded too."
		})
		a.publish(d, "benefit")
		page := a.page(fmt.Sprintf("/surveys/%d", q.Survey))
		for _, want := range []string{"2 versions, asked in 1 wave.", "Version 2", "author@example.org stated on 2 March 2026 that it means the same.", "Reworded too.", "Spring", "Write the next version"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page of the survey does not say %q", want)
			}
		}
		if strings.Count(page, "stated on") != 1 {
			t.Error("a statement is shown that nobody made")
		}
		r := a.as(a.cookie, fmt.Sprintf("/surveys/%d/versions/1/survey.yaml", q.Survey))
		if r.status != http.StatusOK || r.body != string(source) || !strings.Contains(r.header.Get("Content-Disposition"), "survey-1-version-1.yaml") {
			t.Errorf("status %d, %v", r.status, r.header)
		}
		for _, gone := range []string{"/surveys/99", "/surveys/x", "/surveys/1/versions/3/survey.yaml", "/surveys/1/versions/x/survey.yaml"} {
			if r := a.as(a.cookie, gone); r.status != http.StatusNotFound {
				t.Errorf("%s: status %d", gone, r.status)
			}
		}
	})
}

func TestPublishingIsRefusedWhole(t *testing.T) {
	eachStore(t, func(t *testing.T, o *office) {
		a := o.author()
		q := a.publish(a.take("change-pulse"))
		d := a.next(q.Survey, func(doc *surveys.Document) { doc.Questions[0].Points, doc.Questions[1].Text = 7, "Reworded." })
		for name, tt := range map[string]struct {
			pairs  []string
			status int
			says   string
		}{
			"another scale is said to mean the same": {[]string{"version", "1", "keeps", "benefit", "keeps", "fit"}, http.StatusUnprocessableEntity, "nothing but the wording"},
			"an older version of the draft":          {[]string{"version", "0", "keeps", "fit"}, http.StatusConflict, "saved by somebody else"},
			"no version":                             {[]string{"keeps", "fit"}, http.StatusConflict, "saved by somebody else"},
		} {
			r := a.send(at(d, "/publish"), tt.pairs...)
			if r.status != tt.status || !strings.Contains(r.body, tt.says) || !strings.Contains(r.body, `name="keeps" value="fit" checked`) {
				t.Errorf("%s: status %d\n%s", name, r.status, r.body)
			}
		}
		if list, err := a.Catalog.Versions(t.Context(), q.Survey); err != nil || len(list) != 1 {
			t.Errorf("there are %d versions, %v", len(list), err)
		}
		twin := a.take("change-pulse")
		if r := a.send(at(twin, "/publish"), "version", "1"); r.status != http.StatusConflict || !strings.Contains(r.body, "exactly these words") {
			t.Errorf("the same survey again: status %d\n%s", r.status, r.body)
		}
		a.publish(d)
		if r := a.as(a.cookie, at(d, "/publish")); r.status != http.StatusConflict {
			t.Errorf("publishing it twice: status %d", r.status)
		}
	})
}
