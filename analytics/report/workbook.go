package report

import (
	"io"
	"slices"
	"strconv"
	"time"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// Words are what a workbook is written in: the texts of a language, and the organisation's zone, in which days begin.
type Words struct {
	Lang    string
	Say     func(key string, pairs ...any) string
	Measure func(construct string) string
	Hidden  func(disclosure.Reason) string
	Zone    *time.Location
}

// Part is a kind of sheets of a workbook of results.
type Part struct {
	name  string // of the words for it
	write func(*Workbook) error
}

// Workbook is a workbook of results under way.
type Workbook struct {
	*book
	words Words
	g     *Gathered
	parts []Part
}

// WriteWorkbook writes results as XLSX: what the file holds and lacks; every figure; the answers to each question; a heat
// map of the newest wave; the trend of each construct with its chart; the parts, in their order; and the code book.
func WriteWorkbook(g *Gathered, words Words, w io.Writer, parts ...Part) (err error) {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer func() {
		if closing := b.close(); err == nil {
			err = closing
		}
	}()
	results := []Part{{"results", (*Workbook).results}, {"answers", (*Workbook).answers}, {"heatmap", (*Workbook).heatMap}, {"trend", (*Workbook).trends}}
	book := &Workbook{b, words, g, slices.Concat(results, parts, []Part{{"codebook", (*Workbook).codeBook}})}
	if err := book.readMe(); err != nil {
		return err
	}
	for _, part := range book.parts {
		if err := part.write(book); err != nil {
			return err
		}
	}
	return b.writeTo(w)
}

// labels name what a group is a group of, and a group; the organisation is its own name.
func (b *Workbook) labels(by, group string) (string, string) {
	if by == byOrganisation {
		return b.words.Say("by_organisation"), b.words.Say("by_organisation")
	}
	if by == byBand && group == "" {
		group = b.words.Say("no_band")
	}
	return b.words.Say("by_" + by), group
}

// measure names a construct, or says a question in the reader's language.
func (b *Workbook) measure(m *analytics.Measured, doc *surveys.Document) string {
	switch {
	case m == nil:
		return b.words.Say("participation")
	case m.Question == nil:
		return b.words.called(doc, m.Construct)
	}
	return wording(doc, m.Question, b.words.Lang)
}

// readMe says what the file is of, what its sheets hold, and what is hidden and why.
func (b *Workbook) readMe() error {
	say := b.words.Say
	s, err := b.sheet(say("readme"), []column{{width: 34}, {width: 30}, {width: 16, look: dated}, {width: 16, look: dated}, {width: 12, look: whole}, {width: 12, look: whole}, {width: 60, look: wrapped}})
	if err != nil {
		return err
	}
	called, _ := b.g.last().Wave.Questionnaire.Document.TitleIn(b.words.Lang)
	rows := [][]any{{cell{called, bold}}, {}, {cell{say("readme_waves"), bold}},
		{cell{say("wave"), heading}, cell{say("state"), heading}, cell{say("opened"), heading}, cell{say("closed"), heading}, cell{say("n"), heading}, cell{say("minimum"), heading}}}
	for _, res := range b.g.Waves {
		w := res.Wave
		rows = append(rows, []any{w.Label, say("state_" + string(w.State)), dayOf(w.Opened, b.words.Zone), dayOf(w.Closed, b.words.Zone),
			whenTold(res.TakenAll.Level != disclosure.Hidden, res.TakenAll.N), w.Questionnaire.Document.SmallestGroup()})
	}
	rows = append(rows, []any{}, []any{cell{say("readme_sheets"), bold}})
	for _, part := range b.parts {
		rows = append(rows, []any{say(part.name), say("readme_" + part.name)})
	}
	rows = append(rows, []any{}, []any{cell{say("readme_meaning"), bold}}, []any{say("readme_scale")}, []any{say("readme_interval")}, []any{say("readme_verdict")}, []any{say("readme_driver")}, []any{say("readme_trial")}, []any{say("readme_guard")})
	rows = append(rows, b.concealed()...)
	for _, row := range rows {
		if err := s.add(row...); err != nil {
			return err
		}
	}
	return s.end()
}

// concealed says what is hidden, and why.
func (b *Workbook) concealed() [][]any {
	say := b.words.Say
	rows := [][]any{{}, {cell{say("readme_hidden"), bold}}, {say("readme_hidden_why")}}
	begun := false
	for i, res := range b.g.Waves {
		for _, c := range hidden(res, b.g.Bands[i]) {
			if !begun {
				rows = append(rows, []any{cell{say("wave"), heading}, cell{say("group"), heading}, cell{say("hidden_measures"), heading}, cell{"", heading}, cell{"", heading}, cell{"", heading}, cell{say("reason"), heading}})
				begun = true
			}
			_, group := b.labels(c.by, c.group)
			rows = append(rows, []any{res.Wave.Label, group, cell{c.measures, whole}, nil, nil, nil, b.words.Hidden(c.reason)})
		}
	}
	if !begun {
		rows = append(rows, []any{say("readme_hidden_none")})
	}
	return rows
}

// results is every figure, a row for each.
func (b *Workbook) results() error {
	say := b.words.Say
	s, err := b.sheet(say("results"), []column{
		{say("wave"), 20, plain}, {say("closed"), 12, dated}, {say("by"), 14, plain}, {say("group"), 26, plain}, {say("kind"), 14, plain}, {say("id"), 16, plain}, {say("measure"), 46, wrapped},
		{say("n"), 8, whole}, {say("headcount"), 10, whole}, {say("asked"), 10, whole}, {say("rate"), 9, share},
		{say("mean"), 9, precise}, {say("sd"), 9, precise}, {say("low"), 9, precise}, {say("high"), 9, precise},
		{say("favourable"), 11, precise}, {say("favourable_low"), 11, precise}, {say("favourable_high"), 11, precise}, {say("neutral"), 10, precise}, {say("unfavourable"), 11, precise},
		{say("recommend"), 10, precise}, {say("recommend_low"), 10, precise}, {say("recommend_high"), 10, precise},
		{say("before"), 16, plain}, {say("change"), 9, precise}, {say("change_low"), 9, precise}, {say("change_high"), 9, precise}, {say("p"), 8, share}, {say("verdict"), 20, plain}, {say("smallest_change"), 12, precise},
		{say("favourable_change"), 11, precise}, {say("favourable_change_low"), 11, precise}, {say("favourable_change_high"), 11, precise}, {say("favourable_p"), 10, share}, {say("favourable_verdict"), 20, plain},
		{say("reliability"), 11, share}, {say("reliability_n"), 11, whole}, {say("correlation"), 11, share}, {say("correlation_low"), 11, share}, {say("correlation_high"), 11, share},
		{say("shown"), 9, plain}, {say("reason"), 50, wrapped}, {say("mean_from"), 10, precise}, {say("mean_to"), 10, precise}, {say("favourable_over"), 11, whole}, {say("favourable_under"), 11, whole},
		{say("few_answered"), 11, plain}, {say("band_off"), 20, plain}, {say("band_off_answered"), 11, precise}, {say("band_off_asked"), 11, precise},
	})
	if err != nil {
		return err
	}
	for f := range b.g.all() {
		if f.kind == answer {
			continue
		}
		row := slices.Insert(b.about(f), 4, any(say("kind_"+f.kind)))
		row = append(row, f.people()...)
		row = append(row, f.scores()...)
		row = append(row, b.told(f.moved(), 5, 11)...)
		row = append(row, b.reasoned(f)...)
		if err := s.add(append(row, b.warnings(f)...)...); err != nil {
			return err
		}
	}
	if err := s.filtered(); err != nil {
		return err
	}
	return s.end()
}

// about says what a figure is of.
func (b *Workbook) about(f figure) []any {
	w := f.res.Wave
	by, group := b.labels(f.by, f.group())
	doc := w.Questionnaire.Document
	if f.trial != nil {
		read := b.words.Say("trial_"+f.variant.String(), "Measure", b.words.called(doc, surveys.Openness))
		return []any{w.Label, dayOf(w.Closed, b.words.Zone), by, group, f.measure(), read}
	}
	measure := b.measure(f.measured, doc)
	if f.driver != nil {
		measure = b.words.Say("driver", "Question", wording(doc, f.driver.Question, b.words.Lang), "Measure", measure)
	}
	return []any{w.Label, dayOf(w.Closed, b.words.Zone), by, group, f.measure(), measure}
}

// told puts verdicts into words.
func (b *Workbook) told(row []any, verdicts ...int) []any {
	for _, at := range verdicts {
		if name, ok := row[at].(string); ok && name != "" {
			row[at] = b.words.Say("verdict_" + name)
		}
	}
	return row
}

// reasoned is reliability to favourable_under, in words where there are any.
func (b *Workbook) reasoned(f figure) []any {
	row := f.disclosed()
	shown := "shown_yes"
	switch f.told.Level {
	case disclosure.Hidden:
		shown, row[6] = "shown_no", b.words.Hidden(f.told.Reason)
	case disclosure.Coarse:
		shown = "shown_coarse"
	}
	row[5] = b.words.Say(shown)
	return row
}

// warnings are few_answered to band_off_asked, in words.
func (b *Workbook) warnings(f figure) []any {
	row := f.warnings()
	if few, ok := row[0].(bool); ok {
		row[0] = b.words.yes(few)
	}
	return row
}

// answers is how often each answer was given, a row for each.
func (b *Workbook) answers() error {
	say := b.words.Say
	s, err := b.sheet(say("answers"), []column{
		{say("wave"), 20, plain}, {say("closed"), 12, dated}, {say("by"), 14, plain}, {say("group"), 26, plain}, {say("id"), 18, plain}, {say("measure"), 46, wrapped}, {say("answer"), 34, wrapped},
		{say("n"), 8, whole}, {say("count"), 9, whole}, {say("percent"), 9, precise}, {say("low"), 9, precise}, {say("high"), 9, precise},
		{say("rank"), 9, share}, {say("rank_low"), 9, share}, {say("rank_high"), 9, share},
		{say("before"), 16, plain}, {say("change"), 9, precise}, {say("change_low"), 9, precise}, {say("change_high"), 9, precise}, {say("p"), 8, share}, {say("verdict"), 20, plain},
	})
	if err != nil {
		return err
	}
	for f := range b.g.all() {
		if f.kind != answer {
			continue
		}
		doc := f.res.Wave.Questionnaire.Document
		row := append(b.about(f), b.answered(f, doc), f.told.N)
		row = append(row, f.answered()...)
		if err := s.add(append(row, b.told(f.moved(), 5)[:6]...)...); err != nil {
			return err
		}
	}
	if err := s.filtered(); err != nil {
		return err
	}
	return s.end()
}

// answered says a point of a scale or an option in the reader's language.
func (b *Workbook) answered(f figure, doc *surveys.Document) string {
	q := f.measured.Question
	t := doc.Translations[b.words.Lang].Questions[q.ID]
	if f.option == nil {
		labels := q.Labels
		if len(t.Labels) > 0 {
			labels = t.Labels
		}
		low, _ := q.Range()
		for i, label := range labels {
			if f.value == strconv.Itoa(low+i) {
				return f.value + " – " + label
			}
		}
		return f.value
	}
	for _, o := range q.Options {
		if o.ID == f.value {
			if text := t.Options[o.ID]; text != "" {
				return text
			}
			return o.Text
		}
	}
	return b.words.Say("other")
}
