package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"soundings/surveys"
	"soundings/surveys/drafts"
)

// editorPage is the editor of one draft.
type editorPage struct {
	frame
	ID        drafts.ID
	Survey    surveys.SurveyID
	Version   int
	Seen      string
	Heading   string
	Saved     stamp
	Clock     string // when it was saved, for the script's own line
	Checked   bool   // faults are shown
	Faults    []faultLine
	Left      string // how much keeps it from being published
	Said      string
	At        int // place of the question in hand, -1 is the survey itself
	Undo      bool
	Settings  draftSettings
	Questions []draftQuestion
	Kinds     []draftOption
	Removed   []draftOption
	AddFault  string
	Preview   string
}

type draftSettings struct {
	Title, Intro, Minimum                        draftLine
	Purpose, Change, Language, Anonymity, Timing draftChoice
	Constructs                                   []draftLine // ID's name field; More is the hidden id
	Translated                                   []string
	Faulty                                       bool
}

// draftLine is a text field.
type draftLine struct {
	ID, Name, Label, Hint, Value, Fault string
	Rows                                int // 0: one line that does not grow
	Most                                int // characters
	Focus                               bool
	More                                string // value of the hidden field beside it
	Lang                                string
}

// draftChoice is a list, or a row of buttons, to choose from.
type draftChoice struct {
	ID, Name, Label, Hint, Fault string
	Options                      []draftOption
}

type draftOption struct {
	Value, Text string
	Chosen      bool
}

// draftTick is a box to tick.
type draftTick struct {
	ID, Name, Label string
	On              bool
	Fault           string
}

// draftQuestion is the card of one question.
type draftQuestion struct {
	*speech
	Key, ID, Row              string
	Number                    int
	Outline, About            string // its line in the list of questions
	Focus                     string // "up", "down" where the reader goes on
	First, Last               bool
	Faulty                    bool
	Kind                      draftChoice
	KindValue                 surveys.Kind
	Text, Help, Rename        draftLine
	Locked                    bool
	Points, Construct, If     draftChoice
	Reversed, Required, Other draftTick
	Labels                    []draftLine
	Options                   []draftLine
	In                        []draftOption
	InFault                   string
	IfWas                     string
}

// draftBuilder puts the editor of a draft together.
type draftBuilder struct {
	phrases
	respondent *phrases // the program's words for respondents, in the language of the page
	draft      drafts.Draft
	doc        *surveys.Document
	locked     map[string]bool
	checked    bool
	out        outcome
	faults     map[string]string // by id of the field
	lines      []faultLine
	names      []string // languages the program speaks
	changes    []draftOption
	counted    int
}

func newDraftBuilder(sp, respondent *speech, d drafts.Draft, checked bool) *draftBuilder {
	b := &draftBuilder{phrases: phrases{speech: sp}, respondent: &phrases{speech: respondent}, draft: d, doc: &d.Document, checked: checked, faults: map[string]string{}}
	b.readFaults(d.Faults())
	if !checked {
		b.faults, b.lines = map[string]string{}, nil
	}
	return b
}

// seen names what the editor shows of a draft: two versions with the same are no conflict for whoever edits it.
func seen(doc surveys.Document) string {
	doc.Translations = nil
	b, err := json.Marshal(doc)
	if err != nil {
		panic(fmt.Sprintf("web: a survey cannot be written as JSON: %v", err)) // it holds only strings, numbers and lists
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func (b *draftBuilder) line(id, name, key, value string, rows, most int) draftLine {
	return draftLine{ID: id, Name: name, Label: b.say(key), Value: value, Rows: rows, Most: most, Fault: b.faults[id], Lang: b.doc.Language}
}

func (b *draftBuilder) choice(id, name, key, chosen string, options ...draftOption) draftChoice {
	c := draftChoice{ID: id, Name: name, Label: b.say(key), Fault: b.faults[id], Options: options}
	known := false
	for i := range c.Options {
		c.Options[i].Chosen = c.Options[i].Value == chosen
		known = known || c.Options[i].Chosen
	}
	if !known && chosen != "" { // whatever is stored is shown, so that it can be mended
		c.Options = append(c.Options, draftOption{Value: chosen, Text: chosen, Chosen: true})
	}
	return c
}

func (b *draftBuilder) settings() draftSettings {
	d := b.doc
	s := draftSettings{
		Title:   b.line("title", "title", "draft_title", d.Title, 1, surveys.LongestTitle),
		Intro:   b.line("intro", "intro", "draft_intro", d.Intro, 4, surveys.LongestIntro),
		Minimum: b.line("minimum", "minimum", "draft_minimum", strconv.Itoa(d.Minimum), 0, 3),
		Purpose: b.choice("purpose", "purpose", "draft_purpose", string(d.Purpose),
			draftOption{Value: string(surveys.AboutChange), Text: b.say("draft_purpose_change")},
			draftOption{Value: string(surveys.AboutEngagement), Text: b.say("draft_purpose_engagement")},
			draftOption{Value: string(surveys.AboutOther), Text: b.say("draft_purpose_custom")}),
		Anonymity: b.choice("anonymity", "anonymity", "draft_anonymity", string(d.Anonymity),
			draftOption{Value: string(surveys.Anonymous), Text: b.say("draft_anonymous")},
			draftOption{Value: string(surveys.Named), Text: b.say("draft_named")}),
		Timing: b.choice("results", "results", "draft_results", string(d.Results),
			draftOption{Value: string(surveys.WhenClosed), Text: b.say("draft_results_closed")},
			draftOption{Value: string(surveys.WhileOpen), Text: b.say("draft_results_open")}),
	}
	if b.draft.Survey != 0 {
		s.Anonymity.Hint = b.say("draft_anonymity_fixed")
	}
	s.Change = b.choice("change", "change", "draft_change", d.Change, append([]draftOption{{Text: b.say("draft_change_none")}}, b.changes...)...)
	s.Change.Hint = b.say("draft_change_hint")
	s.Minimum.Hint = b.say("draft_minimum_hint")
	s.Intro.Hint = b.say("draft_intro_hint")
	var languages []draftOption
	for _, name := range b.names {
		languages = append(languages, draftOption{Value: name, Text: nameOf(name)})
	}
	s.Language = b.choice("language", "language", "draft_language", d.Language, languages...)
	for i, c := range append(slices.Clone(d.Constructs), surveys.Construct{}) {
		line := b.line("construct"+strconv.Itoa(i), "construct", "draft_own_construct", c.Name, 0, surveys.LongestLabel)
		line.More = c.ID
		s.Constructs = append(s.Constructs, line)
	}
	for _, lang := range d.Languages()[1:] {
		s.Translated = append(s.Translated, b.languageName(lang))
	}
	for _, id := range []string{"title", "intro", "minimum", "purpose", "change", "anonymity", "results", "language"} {
		s.Faulty = s.Faulty || b.faults[id] != ""
	}
	for _, c := range s.Constructs {
		s.Faulty = s.Faulty || c.Fault != ""
	}
	return s
}

// languageName is a language's name in the reader's own.
func (b *draftBuilder) languageName(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return lang
	}
	return cmp.Or(display.Tags(language.Make(b.Spoken)).Name(tag), lang)
}

func (b *draftBuilder) kinds() []draftOption {
	return []draftOption{
		{Value: string(surveys.Scale), Text: b.say("draft_kind_scale")}, {Value: string(surveys.Recommend), Text: b.say("draft_kind_recommend")},
		{Value: string(surveys.Choice), Text: b.say("draft_kind_choice")}, {Value: string(surveys.Choices), Text: b.say("draft_kind_choices")},
		{Value: string(surveys.Ranking), Text: b.say("draft_kind_ranking")}, {Value: string(surveys.Text), Text: b.say("draft_kind_text")},
	}
}

func (b *draftBuilder) question(i int) draftQuestion {
	q := &b.doc.Questions[i]
	key := strconv.Itoa(i)
	id, row := "q"+key, "q."+key
	v := draftQuestion{speech: b.speech, Key: key, ID: id, Row: row, Number: i + 1, First: i == 0, Last: i == len(b.doc.Questions)-1, KindValue: q.Kind}
	v.Kind = b.choice(id+"-kind", row+".kind", "draft_kind", string(q.Kind), b.kinds()...)
	v.Text = b.line(id+"-text", row+".text", "draft_text", q.Text, 2, surveys.LongestQuestion)
	v.Help = b.line(id+"-help", row+".help", "draft_help", q.Help, 1, surveys.LongestHelp)
	v.Rename = b.line(id+"-id", row+".rename", "draft_id", q.ID, 0, 64)
	v.Rename.Hint, v.Rename.More = b.say("draft_id_hint"), q.ID
	v.Locked = b.locked[q.ID]
	v.Required = draftTick{id + "-required", row + ".required", b.say("draft_required"), q.Required, ""}
	v.Other = draftTick{id + "-other", row + ".other", b.say("draft_other"), q.Other, b.faults[id+"-other"]}
	v.Reversed = draftTick{id + "-reversed", row + ".reversed", b.say("draft_reversed"), q.Reversed, b.faults[id+"-reversed"]}
	v.Points = b.choice(id+"-points", row+".points", "draft_points", strconv.Itoa(cmp.Or(q.Points, surveys.DefaultPoints)),
		draftOption{Value: "5", Text: b.Number(5)}, draftOption{Value: "7", Text: b.Number(7)})
	b.measures(&v, q)
	b.labels(&v, q)
	b.options(&v, q)
	b.hangs(&v, i)
	b.outline(&v, q)
	if b.out.did != "" && b.out.at == i {
		v.Focus = focusOf(b.out.did, v.First, v.Last)
		v.Text.Focus = v.Focus == "text"
	}
	for field := range b.faults {
		v.Faulty = v.Faulty || strings.HasPrefix(field, id+"-")
	}
	return v
}

// focusOf is where the reader goes on after an operation: on the button that was pressed, where it is still of use.
func focusOf(did string, first, last bool) string {
	switch did {
	case "up":
		if first {
			return "down"
		}
		return "up"
	case "down":
		if last {
			return "up"
		}
		return "down"
	case "add", "duplicate", "back":
		return "text"
	case "option", "unoption", "optionup":
		return "option"
	}
	return ""
}

func (b *draftBuilder) measures(v *draftQuestion, q *surveys.Question) {
	options := []draftOption{{Value: "", Text: b.say("draft_measures_nothing")},
		{Value: surveys.Openness, Text: b.say("draft_openness")}, {Value: surveys.Engagement, Text: b.say("draft_engagement")}}
	for _, c := range b.doc.Constructs {
		if c.ID != "" {
			options = append(options, draftOption{Value: c.ID, Text: cmp.Or(c.Name, c.ID)})
		}
	}
	v.Construct = b.choice(v.ID+"-construct", v.Row+".construct", "draft_measures", q.Construct, options...)
}

func (b *draftBuilder) labels(v *draftQuestion, q *surveys.Question) {
	for n := range mostLabels {
		line := draftLine{ID: v.ID + "-label" + strconv.Itoa(n), Name: v.Row + ".label", Label: b.say("draft_label", "N", b.Number(n+1)), Most: surveys.LongestLabel}
		line.Fault, line.Lang = b.faults[line.ID], b.doc.Language
		if n < len(q.Labels) {
			line.Value = q.Labels[n]
		}
		v.Labels = append(v.Labels, line)
	}
}

func (b *draftBuilder) options(v *draftQuestion, q *surveys.Question) {
	rows := max(2, len(q.Options)+1)
	for n := range rows {
		line := draftLine{ID: v.ID + "-option" + strconv.Itoa(n), Name: v.Row + ".option", Label: b.say("draft_option", "N", b.Number(n+1)), Most: surveys.LongestOption}
		line.Fault, line.Lang = b.faults[line.ID], b.doc.Language
		if n < len(q.Options) {
			line.Value, line.More = q.Options[n].Text, q.Options[n].ID
		}
		line.Focus = b.out.at == v.Number-1 && b.out.to == n && focusOf(b.out.did, false, false) == "option"
		v.Options = append(v.Options, line)
	}
}

// hangs offers the earlier questions that can decide, and the answers of the one that is chosen.
func (b *draftBuilder) hangs(v *draftQuestion, i int) {
	chosen := ""
	if q := &b.doc.Questions[i]; q.ShowIf != nil {
		chosen = q.ShowIf.Question
	}
	options := []draftOption{{Value: "", Text: b.say("draft_always")}}
	for n := range i {
		on := &b.doc.Questions[n]
		if on.ID != "" && decides(on) {
			options = append(options, draftOption{Value: on.ID, Text: b.say("draft_if", "N", b.Number(n+1), "Text", briefly(on.Text, 60))})
		}
	}
	v.If, v.IfWas = b.choice(v.ID+"-if", v.Row+".if", "draft_shown", chosen, options...), chosen
	if chosen == "" {
		return
	}
	in := b.doc.Questions[i].ShowIf.In
	if on, ok := b.doc.Question(chosen); ok && decides(on) {
		v.In = b.answers(on)
	}
	for _, value := range in {
		at := slices.IndexFunc(v.In, func(o draftOption) bool { return o.Value == value })
		if at < 0 {
			v.In = append(v.In, draftOption{Value: value, Text: value})
			at = len(v.In) - 1
		}
		v.In[at].Chosen = true
	}
	v.InFault = b.faults[v.ID+"-in"]
}

func decides(q *surveys.Question) bool {
	return q.Kind == surveys.Scale || q.Kind == surveys.Recommend || q.Kind == surveys.Choice || q.Kind == surveys.Choices
}

// answers lists what can be answered to a closed question.
func (b *draftBuilder) answers(q *surveys.Question) []draftOption {
	var list []draftOption
	if q.Kind == surveys.Scale || q.Kind == surveys.Recommend {
		low, high := 0, 10
		if q.Kind == surveys.Scale {
			low, high = 1, 5
			if q.Points == mostLabels {
				high = mostLabels
			}
		}
		for n := low; n <= high; n++ {
			text := b.Number(n)
			switch {
			case q.Kind == surveys.Recommend:
			case n <= len(q.Labels):
				text = q.Labels[n-1]
			default:
				text = b.respondent.say("agree" + strconv.Itoa(high) + "_" + strconv.Itoa(n))
			}
			list = append(list, draftOption{Value: strconv.Itoa(n), Text: text})
		}
		return list
	}
	for _, o := range q.Options {
		if o.ID != "" {
			list = append(list, draftOption{Value: o.ID, Text: cmp.Or(o.Text, o.ID)})
		}
	}
	if q.Other {
		list = append(list, draftOption{Value: surveys.OtherOption, Text: b.respondent.say("other_option")})
	}
	return list
}

func (b *draftBuilder) outline(v *draftQuestion, q *surveys.Question) {
	v.Outline = cmp.Or(briefly(q.Text, 90), b.say("draft_untitled_question"))
	var about []string
	for _, o := range v.Kind.Options {
		if o.Chosen {
			about = append(about, o.Text)
		}
	}
	if q.Kind == surveys.Scale && q.Construct != "" {
		for _, o := range v.Construct.Options {
			if o.Chosen {
				about = append(about, o.Text)
			}
		}
		if q.Reversed {
			about = append(about, b.say("draft_about_reversed"))
		}
	}
	if q.ShowIf != nil {
		about = append(about, b.say("draft_about_if"))
	}
	if q.Required {
		about = append(about, b.say("draft_about_required"))
	}
	v.About = strings.Join(about, " · ")
}

// briefly is the beginning of a text, on one line.
func briefly(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:most])) + " …"
}
