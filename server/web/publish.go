package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/catalog"
	"soundings/surveys/drafts"
	"soundings/surveys/translations"
)

// publishPage says what publishing a draft will do, before it is done.
type publishPage struct {
	frame
	draftHead
	Survey     surveys.SurveyID // 0: a new one
	Headline   string
	Lead       string
	Blocked    bool
	Faults     int // beside missing translations
	Incomplete []languageRow
	Refused    string // why publishing was refused
	Minutes    string
	Languages  string
	Measures   []measureTrend
	Questions  []questionTrend
}

// questionTrend is what becomes of one question.
type questionTrend struct {
	ID       string
	Text     string
	Before   string // its former words, if they differ
	What     string
	Trend    string
	Breaks   bool
	Keepable bool // its author may state that the new words mean the same
	Kept     bool
}

// measureTrend is what becomes of one construct.
type measureTrend struct {
	Name   string
	Trend  string
	Breaks bool
}

func (s *Server) showPublish(c *fiber.Ctx) error {
	d, err := s.openDraft(c)
	if err != nil {
		return err
	}
	page, err := s.publishPage(c, d, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/publish", page)
}

// postPublish publishes the version of the draft that its author has seen. If it cannot be, the page says why and keeps
// what was ticked.
func (s *Server) postPublish(c *fiber.Ctx) error {
	d, form, err := s.openDraftForm(c)
	if err != nil {
		return err
	}
	q, err := drafts.Publish(c.UserContext(), s.Store, s.Catalog, d.ID, versionOf(form), s.stamp(c), form["keeps"]...)
	switch kind := surveys.KindOf(err); {
	case err == nil:
		audited(c).Subject = fmt.Sprintf("survey %d", q.Survey)
		return c.Redirect(fmt.Sprintf("/surveys?published=%d", q.Survey), http.StatusSeeOther)
	case kind == surveys.Invalid, kind == surveys.Conflict:
		return s.refusePublish(c, d, form, err)
	}
	return err
}

func (s *Server) refusePublish(c *fiber.Ctx, d drafts.Draft, form surveys.Form, refusal error) error {
	page, err := s.publishPage(c, d, form["keeps"])
	if err != nil {
		return err
	}
	key := "publish_refused_changed"
	var known *surveys.Error
	if errors.As(refusal, &known) && known.Kind == surveys.Invalid {
		key = "publish_refused_faults"
		if len(known.Faults) > 0 && strings.HasPrefix(known.Faults[0].Path, "keeps.") {
			key = "publish_refused_keeps"
		}
	} else if d.Survey == 0 && d.Version == versionOf(form) {
		key = "publish_refused_twice"
	}
	if page.Refused, err = page.T(key); err != nil {
		return err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/publish", page)
}

func (s *Server) publishPage(c *fiber.Ctx, d drafts.Draft, keeps []string) (publishPage, error) {
	page := publishPage{frame: s.frame(c, "publish_title", "surveys"), draftHead: headOf(d), Survey: d.Survey}
	p := phrases{speech: page.speech}
	doc := d.Publishable()
	page.Minutes, page.Languages = p.count("library_minutes", doc.Minutes()), languageNames(&p, doc.Languages())
	for _, lang := range doc.Languages()[1:] {
		if row := s.languageRow(&p, &doc, lang); !row.Complete {
			page.Incomplete = append(page.Incomplete, row)
		}
	}
	page.Faults = otherFaults(&doc, d.Faults())
	page.Blocked = page.Faults > 0 || len(page.Incomplete) > 0
	if d.Survey == 0 {
		page.Headline, page.Lead = p.say("publish_headline_new"), p.say("publish_lead_new")
		return page, p.err
	}
	before, after, err := s.Catalog.Preview(c.UserContext(), d.Survey, &doc)
	if err != nil {
		return page, err
	}
	page.compare(&p, before, after, keeps)
	page.Headline = p.say("publish_headline", "Version", p.Number(after.Version))
	return page, p.err
}

// otherFaults counts what is wrong beside texts that are not translated yet.
func otherFaults(doc *surveys.Document, faults surveys.Faults) int {
	missing := map[string]bool{}
	for _, lang := range doc.Languages()[1:] {
		for _, t := range translations.Missing(doc, lang) {
			missing["translations."+lang+"."+t.Key] = true
			if t.Part == translations.Label { // of labels that are missing altogether there is one fault
				at, _, _ := strings.Cut(t.Key, "[")
				missing["translations."+lang+"."+at] = true
			}
		}
	}
	others := 0
	for _, f := range faults {
		if !missing[f.Path] {
			others++
		}
	}
	return others
}

// compare says of every question and construct whether its trend goes on.
func (page *publishPage) compare(p *phrases, before, after *surveys.Questionnaire, keeps []string) {
	goes, breaks := 0, 0
	for _, change := range catalog.Compare(before.Document, after.Document) {
		t := trendOf(p, change)
		for _, id := range keeps {
			t.Kept = t.Kept || t.Keepable && id == change.ID
		}
		page.Questions = append(page.Questions, t)
		switch {
		case change.Same():
			goes++
		case t.Breaks:
			breaks++
		}
	}
	page.Lead = p.count("publish_lead_goes", goes) + " " + p.count("publish_lead_breaks", breaks)
	page.Measures = measuresOf(p, before, after)
}

// trendOf says what becomes of one question.
func trendOf(p *phrases, c catalog.Change) questionTrend {
	t := questionTrend{ID: c.ID}
	switch {
	case c.New():
		t.Text, t.What, t.Trend = c.After.Text, p.say("publish_new"), p.say("publish_begins")
	case c.Removed():
		t.Text, t.What, t.Trend, t.Breaks = c.Before.Text, p.say("publish_removed"), p.say("publish_ends"), true
	case c.Same():
		t.Text, t.What, t.Trend = c.After.Text, p.say("publish_same"), p.say("publish_goes_on")
	default:
		t.Text, t.Trend, t.Breaks, t.Keepable = c.After.Text, p.say("publish_breaks"), true, c.OnlyWording()
		if c.Before.Text != c.After.Text {
			t.Before = c.Before.Text
		}
		var what []string
		for _, a := range c.Aspects {
			what = append(what, p.say("publish_aspect_"+string(a)))
		}
		t.What = strings.Join(what, "; ")
	}
	return t
}

// measuresOf says what becomes of each construct. One breaks with any of its questions; where only wording differs, the
// author's statements can carry it on.
func measuresOf(p *phrases, before, after *surveys.Questionnaire) []measureTrend {
	reworded := map[string]int{}
	for id, version := range after.Versions {
		reworded[id] = version
	}
	for _, c := range catalog.Compare(before.Document, after.Document) {
		if c.OnlyWording() {
			reworded[c.ID] = before.Versions[c.ID]
		}
	}
	kept := surveys.Questionnaire{Document: after.Document, Versions: reworded}
	var list []measureTrend
	for _, id := range after.Document.ConstructIDs() {
		m := measureTrend{Name: constructName(p, after.Document, id)}
		switch old := before.Signature(id); {
		case old == "":
			m.Trend = p.say("publish_begins")
		case old == after.Signature(id):
			m.Trend = p.say("publish_goes_on")
		case old == kept.Signature(id):
			m.Trend, m.Breaks = p.say("publish_breaks_unless"), true
		default:
			m.Trend, m.Breaks = p.say("publish_breaks"), true
		}
		list = append(list, m)
	}
	for _, id := range before.Document.ConstructIDs() {
		if after.Signature(id) == "" {
			list = append(list, measureTrend{constructName(p, before.Document, id), p.say("publish_ends"), true})
		}
	}
	return list
}
