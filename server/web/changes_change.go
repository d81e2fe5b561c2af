package web

import (
	"html/template"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// changeStory is the story of one change.
type changeStory struct {
	frame
	Change    changes.Change
	Text      changes.Text // in the reader's language, if it is there
	Words     writing      // of Text
	Headline  string
	Lead      string
	CanWrite  bool
	About     string // address of the public form; "" where it has none
	Why, What template.HTML
	StillOpen template.HTML
	Risks     template.HTML
	Facts     []changeFact
	History   []stageLine // newest first
	Surveys   []aboutLine
	Openness  []opennessTable
	Decisions *decisionsCard
	Visits    *changeVisits
	Champions *changeChampions
	Promises  *promisesAbout
	Briefs    []pageLink // of the departments it concerns
	Pitches   string     // how many departments read words of their own
	Texts     []textLine
	More      []option // languages to add
	Origin    string   // the language the change is written in
	Move      moveForm
}

type changeFact struct{ Name, Text string }

// stageLine is one step of the history.
type stageLine struct{ Stage, Date, Reason, Said string }

// aboutLine is a survey about the change.
type aboutLine struct {
	ID    surveys.SurveyID
	Title string
	Lang  string
	Waves []askedIn
}

// textLine is one language that the change is translated into.
type textLine struct {
	Lang, Name string
	Outdated   bool
}

// moveForm is the form of the next stage, as typed.
type moveForm struct {
	Stages  []option
	Entry   changes.Entry
	Version int
	Today   surveys.Day
	Faults  map[string]string
	Theirs  string // somebody has saved the change meanwhile
}

func (s *Server) showChangeStory(c *fiber.Ctx) error {
	change, err := s.changeOf(c)
	if err != nil {
		return err
	}
	page, err := s.changeStory(c, change)
	if err != nil {
		return err
	}
	return s.page(c, "staff/change", page)
}

func (s *Server) changeStory(c *fiber.Ctx, change changes.Change) (*changeStory, error) {
	f := s.frame(c, "changes_title", "changes")
	p := &phrases{speech: f.speech}
	text, lang := change.In(p.Spoken)
	page := &changeStory{frame: f, Change: change, Text: text, Words: writingOf(lang), CanWrite: mayWrite(f.User, &change), Origin: nameOf(change.Language), About: aboutAddress(&change, lang),
		Why: p.markdown(text.Why), What: p.markdown(text.What), StillOpen: p.markdown(text.StillOpen), Risks: p.markdown(change.Risks)}
	today, err := s.today(c.UserContext())
	if err != nil {
		return nil, err
	}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	about, err := s.askedAbout(c.UserContext(), p.Lang)
	if err != nil {
		return nil, err
	}
	page.Headline = p.say("change_headline_"+wordKey(string(change.Now().Stage)), "Title", text.Title)
	page.Lead, _ = p.waits(&change, about[change.Name], today)
	page.Facts = p.changeFacts(&change, names)
	credit, err := s.credited(c.UserContext(), p, change.ID)
	if err != nil {
		return nil, err
	}
	if credit != "" {
		page.Facts = append(page.Facts, changeFact{p.say("change_credit"), credit})
	}
	for _, e := range slices.Backward(change.History) {
		page.History = append(page.History, stageLine{p.stage(e.Stage), p.date(e.On.Time()), e.Reason, p.say("change_said", "Who", e.Said.By, "Date", p.date(e.Said.At))})
	}
	if a := about[change.Name]; a != nil {
		for _, survey := range a.Surveys {
			page.Surveys = append(page.Surveys, aboutLine{survey.ID, survey.Title, survey.Lang, p.askedIn(survey.Waves)})
		}
	}
	if page.Openness, err = s.openness(c.UserContext(), p, f.User, &change, about[change.Name]); err != nil {
		return nil, err
	}
	if page.Decisions, err = s.changeDecisions(c.UserContext(), f, p, &change, names); err != nil {
		return nil, err
	}
	if page.Promises, err = s.changePromises(c, f, p, &change); err != nil {
		return nil, err
	}
	if page.Visits, err = s.changeVisits(c, f, p, &change, names); err != nil {
		return nil, err
	}
	if page.Pitches, err = s.pitchesCard(c.UserContext(), f, change); err != nil {
		return nil, err
	}
	if page.Champions, err = s.changeChampions(c, f, p, &change, names); err != nil {
		return nil, err
	}
	if page.Briefs, err = s.briefsOf(c, f.User, &change); err != nil {
		return nil, err
	}
	page.Texts, page.More = s.languagesOf(change.Languages(), func(lang string) bool { return change.Translations[lang].Outdated })
	page.Move = moveForm{Entry: changes.Entry{On: today}, Version: change.Version, Today: today, Stages: p.nextStages(change.Now().Stage, "")}
	return page, p.err
}

// nextStages offers every stage but the one that the change has; the next in the usual order is chosen.
func (p *phrases) nextStages(now, chosen changes.Stage) []option {
	stages := changes.Stages()
	if at := slices.Index(stages, now); chosen == "" && at >= 0 && at+1 < len(stages) && !now.Ended() {
		chosen = stages[at+1]
	}
	var options []option
	for _, stage := range stages {
		if stage != now {
			options = append(options, option{string(stage), p.stage(stage), stage == chosen})
		}
	}
	return options
}

func (p *phrases) changeFacts(c *changes.Change, names map[surveys.DepartmentID]string) []changeFact {
	facts := []changeFact{
		{p.say("change_departments"), p.concerned(c, names)},
		{p.say("change_owner"), c.Owner},
	}
	if c.GoLive != "" && !c.Now().Stage.Live() {
		facts = append(facts, changeFact{p.say("change_golive"), p.date(c.GoLive.Time())})
	}
	return append(facts, changeFact{p.say("change_called"), c.Name})
}

// languagesOf lists the translations of a text, whose own language comes first, and the languages that can be added.
func (s *Server) languagesOf(languages []string, outdated func(lang string) bool) (have []textLine, more []option) {
	for _, lang := range languages[1:] {
		have = append(have, textLine{lang, nameOf(lang), outdated(lang)})
	}
	return have, s.languagesBeside(languages)
}

// languagesBeside are the languages of the program that are not among some.
func (s *Server) languagesBeside(languages []string) (others []option) {
	for _, name := range s.words.names {
		if !slices.Contains(languages, name) {
			others = append(others, option{Value: name, Text: nameOf(name)})
		}
	}
	return others
}

// postChangeStage moves a change to its next stage.
func (s *Server) postChangeStage(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	change, err := s.writableChange(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	entry := typedEntry(form)
	stored, refusal := changes.Move(c.UserContext(), s.Store, change.ID, versionOf(form), entry, surveys.Stamp(s.stamp(c)), today)
	if refusal == nil {
		return c.Redirect(changeAddress(change.ID), http.StatusSeeOther)
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.changeFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	page, err := s.changeStory(c, stored)
	if err != nil {
		return err
	}
	page.Move.Entry, page.Move.Faults, page.Move.Stages = entry, faults, p.nextStages(stored.Now().Stage, entry.Stage)
	if !faulty {
		page.Move.Theirs = p.theirs(stored, stored, nil).Lead
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/change", page)
}

// changeTextPage is a change in one more language, beside the original.
type changeTextPage struct {
	textPage
	Change changes.Change
}

func (s *Server) changeTextPage(c *fiber.Ctx, change changes.Change, lang string, typed changes.Text, faults map[string]string) (*changeTextPage, error) {
	f := s.frame(c, "change_text_title", "changes")
	p := &phrases{speech: f.speech}
	stored, exists := change.Translations[lang]
	back := changeAddress(change.ID)
	page := &changeTextPage{textPage{frame: f, Words: writingOf(lang), Exists: exists, Stale: stored.Outdated, Version: change.Version, Action: textAddress(back, lang), Back: back,
		Heading: p.say("change_text_heading", "Title", change.Title, "Language", nameOf(lang)),
		Fields:  p.changeTexts(typed, lang, faults), Origin: p.changeTexts(change.Text, change.Language, nil)}, change}
	return page, p.err
}

// showNewChangeText leads to the language that was chosen from the list.
func (s *Server) showNewChangeText(c *fiber.Ctx) error {
	change, err := s.writableChange(c)
	if err != nil {
		return err
	}
	return seeText(c, changeAddress(change.ID))
}

func (s *Server) showChangeText(c *fiber.Ctx) error {
	change, err := s.writableChange(c)
	if err != nil {
		return err
	}
	lang, err := textLanguage(c, change.Language)
	if err != nil {
		return err
	}
	page, err := s.changeTextPage(c, change, lang, change.Translations[lang].Text, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/change_text", page)
}

func (s *Server) postChangeText(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	change, err := s.writableChange(c)
	if err != nil {
		return err
	}
	lang, err := textLanguage(c, change.Language)
	if err != nil {
		return err
	}
	typed := changeTextOf(form)
	stored, refusal := changes.Translate(c.UserContext(), s.Store, change.ID, versionOf(form), lang, typed, surveys.Stamp(s.stamp(c)))
	if refusal == nil {
		return c.Redirect(changeAddress(change.ID)+"#languages", http.StatusSeeOther)
	}
	p := &phrases{speech: s.frame(c, "", "").speech}
	faults, faulty := p.changeFaults(refusal)
	if !faulty && surveys.KindOf(refusal) != surveys.Conflict {
		return refusal
	}
	page, err := s.changeTextPage(c, stored, lang, typed, faults)
	if err != nil {
		return err
	}
	if faulty {
		page.Refused = p.count("change_refused", len(faults))
	} else {
		other := stored
		other.Text = stored.Translations[lang].Text
		mine := stored
		mine.Text = typed
		page.Theirs = p.theirs(mine, other, nil)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/change_text", page)
}
