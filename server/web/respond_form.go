package web

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/analytics/disclosure"
	"soundings/surveys"
)

const (
	mostRanksListed   = 12
	mostStrangers     = 10 // faults of unknown fields that are listed
	longestFieldShown = 60 // characters
)

// formPage fills the questionnaire of a link in, with what was typed and with what is wrong about it.
func (s *Server) formPage(l *linked, lang string, form surveys.Form, faults surveys.Faults) (*formPage, error) {
	b := newFormBuilder(s.words.in(lang), l.doc(), form, faults)
	b.invited = l.invited
	a := l.audience
	page := b.page(a, len(a.Departments) > 0 || a.Fixed != 0, len(a.Bands) > 0 || a.FixedBand != 0)
	pitch, variant := l.reads(form)
	page.Why, page.Pitch, page.Variant = b.why(l.about), b.pitch(pitch), variant.String()
	if page.Variant != "" {
		page.Privacy.Lines = slices.Insert(page.Privacy.Lines, 1, b.say("keeps_variant")) // after the department, which is known
	}
	page.Organisation = s.house().Name
	page.Again = !l.invited && !page.Filled
	if !page.Filled { // a link to another language would lose what was typed
		page.Switch = switchTo(l.languages.names, lang)
		for i := range page.Switch {
			if page.Variant != "" { // whoever reads in another language reads the same text
				page.Switch[i].Href += "&" + surveys.VariantField + "=" + page.Variant
			}
		}
	}
	if l.fixed != "" {
		page.Place = []string{b.say("department_is", "Department", l.fixed)}
	}
	if l.fixedBand != "" {
		page.Place = append(page.Place, b.say("level_is", "Level", l.fixedBand))
	}
	return page, b.err
}

// switchTo links to the page's other languages; a page that has only one has no switch.
func switchTo(names []string, current string) []languageLink {
	if len(names) < 2 {
		return nil
	}
	links := make([]languageLink, len(names))
	for i, name := range names {
		links[i] = languageLink{Lang: name, Name: nameOf(name), Href: "?lang=" + name, Current: name == current}
	}
	return links
}

// formBuilder puts the questions of a document together in one language.
type formBuilder struct {
	phrases
	texts   texts
	doc     *surveys.Document
	form    surveys.Form
	invited bool                     // by a personal address
	faults  map[string]surveys.Fault // the first of each field, taken out when shown
	order   []string                 // of the fields with faults
	lines   []faultLine
}

func newFormBuilder(sp *speech, doc *surveys.Document, form surveys.Form, faults surveys.Faults) *formBuilder {
	b := &formBuilder{phrases: phrases{speech: sp}, doc: doc, form: form, faults: map[string]surveys.Fault{}}
	b.texts = textsOf(doc, sp.Lang)
	for _, f := range faults {
		if _, known := b.faults[f.Path]; !known {
			b.order = append(b.order, f.Path)
			b.faults[f.Path] = f
		}
	}
	return b
}

// page is the form. It asks the audience for department and level where it has a choice of them; what is kept of
// the two is said in the privacy note.
func (b *formBuilder) page(ask surveys.Audience, keepsDepartment, keepsLevel bool) *formPage {
	heading := b.texts.title()
	page := &formPage{
		respondentFrame: respondentFrame{speech: b.speech, Title: heading, Current: nameOf(b.Lang)},
		Heading:         heading, Intro: b.texts.intro(), Minutes: b.doc.Minutes(), Send: b.say("send"),
		Privacy: b.privacy(keepsDepartment, keepsLevel), Receipt: string(surveys.NewReceipt()),
		Filled: len(b.faults) > 0,
	}
	if receipt, ok := surveys.ParseReceipt(b.form.First("receipt")); ok {
		page.Receipt = string(receipt)
	}
	if page.Filled {
		page.Title = b.say("fault_page", "Title", heading)
	}
	b.place(page, ask)
	for i := range b.doc.Questions {
		page.Questions = append(page.Questions, b.question(&b.doc.Questions[i]))
	}
	page.Faults = b.summary()
	return page
}

func (b *formBuilder) place(page *formPage, ask surveys.Audience) {
	if len(ask.Departments) > 0 {
		page.Department = &placeField{Fault: b.take("department", "department", b.say("department"))}
		for _, d := range ask.Departments {
			page.Department.Options = append(page.Department.Options, b.placeOption("department", int64(d.ID), d.Name))
		}
	}
	if len(ask.Bands) > 0 {
		page.Band = &placeField{Fault: b.take("band", "band", b.say("level"))}
		for _, band := range ask.Bands {
			page.Band.Options = append(page.Band.Options, b.placeOption("band", int64(band.ID), band.Name))
		}
	}
}

// privacy says what is kept, what is not, and who sees what.
func (b *formBuilder) privacy(department, level bool) privacyNote {
	keeps := ""
	switch {
	case department && level:
		keeps = b.say("keeps_both")
	case department:
		keeps = b.say("keeps_department")
	case level:
		keeps = b.say("keeps_level")
	}
	var note privacyNote
	if b.doc.Anonymity == surveys.Named {
		note = privacyNote{Title: b.say("named_title"), Lines: []string{b.say("named_note"), keeps}}
	} else {
		note = privacyNote{Title: b.say("privacy_title"), Lines: []string{keeps, b.say("keeps_not"), b.personal(),
			b.count("groups", b.doc.SmallestGroup())}}
		if slices.ContainsFunc(b.doc.Questions, func(q surveys.Question) bool { return q.TakesText() }) {
			note.Lines = append(note.Lines, b.count("comments_from", max(disclosure.CommentMinimum, b.doc.SmallestGroup())))
		}
		note.Lines = append(note.Lines, b.say("seen_groups"))
	}
	note.Lines = slices.DeleteFunc(note.Lines, func(line string) bool { return line == "" })
	return note
}

// personal says what a personal address is kept for.
func (b *formBuilder) personal() string {
	if !b.invited {
		return ""
	}
	return b.say("invited_note")
}

func (b *formBuilder) placeOption(field string, id int64, name string) optionView {
	value := strconv.FormatInt(id, 10)
	return optionView{Value: value, Text: name, Chosen: b.form.First(field) == value}
}

func (b *formBuilder) question(q *surveys.Question) questionView {
	field := surveys.FieldOf(q.ID)
	v := questionView{speech: b.speech, ID: q.ID, Kind: q.Kind, Field: field, Text: b.texts.text(q), Help: b.texts.help(q), Required: q.Required}
	target := field
	switch q.Kind {
	case surveys.Scale, surveys.Recommend:
		b.points(&v, q)
	case surveys.Choice, surveys.Choices:
		b.choices(&v, q)
	case surveys.Ranking:
		v.Hints = []string{b.say("rank_help")}
		target = surveys.RankField(q.ID, q.Options[0].ID)
		b.ranks(&v, q)
	case surveys.Text:
		v.Value = b.form.First(field)
		if !q.Required {
			v.Hints = append(v.Hints, b.say("optional"))
		}
		v.Hints = append(v.Hints, b.say("name_nobody"))
	}
	v.Fault = b.take(field, target, v.Text)
	if q.Kind == surveys.Ranking {
		b.rankFaults(&v)
	}
	if v.Other != nil {
		v.Other.Fault = b.take(v.Other.Field, v.Other.Field, v.Text)
	}
	if q.ShowIf != nil {
		b.condition(&v, q)
	}
	v.DescribedBy = describedBy(&v)
	return v
}

func describedBy(v *questionView) string {
	var ids []string
	if v.OnlyIf != "" {
		ids = append(ids, "o."+v.ID)
	}
	if v.Help != "" || len(v.Hints) > 0 {
		ids = append(ids, "h."+v.ID)
	}
	if v.Fault != "" {
		ids = append(ids, "e."+v.ID)
	}
	return strings.Join(ids, " ")
}

func (b *formBuilder) points(v *questionView, q *surveys.Question) {
	low, high := q.Range()
	var labels []string
	for n := low; n <= high; n++ {
		value := strconv.Itoa(n)
		o := optionView{ID: v.Field, Field: v.Field, Value: value, Text: b.point(q, n), Chosen: b.form.First(v.Field) == value}
		if n > low {
			o.ID += "." + value
		}
		labels = append(labels, o.Text)
		v.Options = append(v.Options, o)
	}
	v.Layout = layoutOf(labels)
}

// point is an answer of a scale or recommend question in words.
func (b *formBuilder) point(q *surveys.Question, n int) string {
	switch {
	case q.Kind == surveys.Recommend:
		return b.Number(n)
	case len(q.Labels) > 0:
		return b.texts.label(q, n-1)
	}
	return b.say("agree" + strconv.Itoa(q.Points) + "_" + strconv.Itoa(n))
}

// layoutOf tells whether labels can be read side by side on a phone: each in about 60 px, small print.
func layoutOf(labels []string) string {
	const widestWord, longestLabel = 9, 30
	for _, label := range labels {
		if utf8.RuneCountInString(label) > longestLabel {
			return "stack"
		}
		// Words can break at spaces, hyphens and soft hyphens; Chinese and Japanese break anywhere.
		for _, word := range strings.FieldsFunc(label, func(r rune) bool { return r == ' ' || r == '-' || r == '\u00AD' || r > '\u2E7F' }) {
			if utf8.RuneCountInString(word) > widestWord {
				return "stack"
			}
		}
	}
	return "grid"
}

func (b *formBuilder) choices(v *questionView, q *surveys.Question) {
	given := b.form[v.Field]
	for i, o := range q.Options {
		option := optionView{ID: v.Field, Field: v.Field, Value: o.ID, Text: b.texts.option(q, o), Chosen: slices.Contains(given, o.ID)}
		if i > 0 {
			option.ID += "." + o.ID
		}
		v.Options = append(v.Options, option)
	}
	if q.Other {
		field := surveys.OtherField(q.ID)
		v.Other = &optionView{Field: field, Value: b.form.First(field), Checked: slices.Contains(given, surveys.OtherOption)}
	}
}

func (b *formBuilder) ranks(v *questionView, q *surveys.Question) {
	v.Select = len(q.Options) <= mostRanksListed
	for _, o := range q.Options {
		field := surveys.RankField(q.ID, o.ID)
		option := optionView{ID: field, Field: field, Value: b.form.First(field), Text: b.texts.option(q, o)}
		for rank := 1; v.Select && rank <= len(q.Options); rank++ {
			value := strconv.Itoa(rank)
			option.Ranks = append(option.Ranks, optionView{Value: value, Text: b.Number(rank), Chosen: option.Value == value})
		}
		v.Options = append(v.Options, option)
	}
}

func (b *formBuilder) rankFaults(v *questionView) {
	for i := range v.Options {
		o := &v.Options[i]
		o.Fault = b.take(o.Field, o.ID, o.Text)
	}
}

// condition says when a question applies, for the script and in words.
func (b *formBuilder) condition(v *questionView, q *surveys.Question) {
	on, ok := b.doc.Question(q.ShowIf.Question)
	if !ok {
		return
	}
	v.If, v.In = on.ID, strings.Join(q.ShowIf.In, " ")
	answers := make([]string, len(q.ShowIf.In))
	for i, value := range q.ShowIf.In {
		answers[i] = b.say("quoted", "Text", b.answer(on, value))
	}
	v.OnlyIf = b.say("only_if", "Answers", b.oneOf(answers), "Question", b.say("quoted", "Text", b.texts.text(on)))
}

// answer is one value of a closed question in words.
func (b *formBuilder) answer(q *surveys.Question, value string) string {
	if q.Scored() {
		n, err := strconv.Atoi(value)
		if low, high := q.Range(); err != nil || n < low || n > high {
			return value
		}
		return b.point(q, n)
	}
	if value == surveys.OtherOption {
		return b.say("other_option")
	}
	for _, o := range q.Options {
		if o.ID == value {
			return b.texts.option(q, o)
		}
	}
	return value
}
