package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/drafts"
)

// conflictPage shows two texts of one draft side by side: what somebody else has stored and what the reader typed.
type conflictPage struct {
	frame
	ID      drafts.ID
	Version int
	Lead    string
	Pairs   []draftPair
	Typed   []typedField // everything that was typed, to be sent again
	Missing bool         // the reader has not chosen everywhere
}

// draftPair is one thing that differs.
type draftPair struct {
	Name         string // of the choice
	Title        string
	Theirs, Mine []string // lines; none: it is not there
	Chosen       string
}

// draftGonePage stands in the place of an editor whose draft was deleted or published.
type draftGonePage struct {
	frame
	ID      drafts.ID
	Survey  surveys.SurveyID
	Version int
	Lead    string
	Deleted bool
	Mine    []string // what was typed and could not be stored
}

func (s *Server) draftGonePage(c *fiber.Ctx, d drafts.Draft, mine []string) *draftGonePage {
	return &draftGonePage{frame: s.frame(c, "draft_gone_title", "surveys"), ID: d.ID, Survey: d.Survey, Version: d.Version, Deleted: d.Deleted, Mine: mine, Lead: d.Saved.By}
}

// refuseDraft answers a save that was not done. Nothing that was typed is lost.
func (s *Server) refuseDraft(c *fiber.Ctx, form surveys.Form, d drafts.Draft, err error) error {
	if surveys.KindOf(err) != surveys.Conflict {
		return err
	}
	c.Status(statuses[surveys.Conflict])
	mine := newDraftForm(form, nil).document(d.Document.Translations)
	if d.Deleted || d.Published != 0 {
		return s.page(c, "staff/draft_gone", s.draftGonePage(c, d, everything(mine)))
	}
	page, err := s.conflict(c, form, d, mine)
	if err != nil {
		return err
	}
	return s.page(c, "staff/draft_conflict", page)
}

func everything(doc surveys.Document) []string {
	lines := []string{doc.Title, doc.Intro}
	for i := range doc.Questions {
		lines = append(lines, questionTexts(&doc.Questions[i])...)
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

func questionTexts(q *surveys.Question) []string {
	lines := append([]string{q.Text, q.Help}, q.Labels...)
	for _, o := range q.Options {
		lines = append(lines, "– "+o.Text)
	}
	return lines
}

func (s *Server) conflict(c *fiber.Ctx, form surveys.Form, theirs drafts.Draft, mine surveys.Document) (*conflictPage, error) {
	f := s.frame(c, "draft_conflict_title", "surveys")
	b := &draftBuilder{phrases: phrases{speech: f.speech}}
	page := &conflictPage{frame: f, ID: theirs.ID, Version: theirs.Version,
		Lead: b.say("draft_conflict_lead", "Who", theirs.Saved.By, "When", b.stamp(theirs.Saved.At, f.Zone).Text), Pairs: b.pairs(&theirs.Document, &mine, form)}
	for _, name := range slices.Sorted(fieldNames(form)) {
		for _, value := range form[name] {
			page.Typed = append(page.Typed, typedField{name, value})
		}
	}
	return page, b.err
}

// fieldNames are the fields that hold the survey as it was typed.
func fieldNames(form surveys.Form) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range form {
			ours := name != "csrf" && name != "op" && name != "version" && name != "seen" && !strings.HasPrefix(name, "keep.")
			if ours && !yield(name) {
				return
			}
		}
	}
}

// pairs lists what differs: the parts of the survey itself, the questions by their ids, and their order.
func (b *draftBuilder) pairs(theirs, mine *surveys.Document, form surveys.Form) []draftPair {
	var pairs []draftPair
	add := func(name, title string, theirs, mine []string) {
		if !slices.Equal(theirs, mine) {
			pairs = append(pairs, draftPair{Name: "keep." + name, Title: title, Theirs: theirs, Mine: mine, Chosen: form.First("keep." + name)})
		}
	}
	add("title", b.say("draft_title"), []string{theirs.Title}, []string{mine.Title})
	add("intro", b.say("draft_intro"), []string{theirs.Intro}, []string{mine.Intro})
	add("settings", b.say("draft_conflict_settings"), b.settingLines(theirs), b.settingLines(mine))
	for _, id := range idsOf(theirs, mine) {
		their, my := questionNamed(theirs, id), questionNamed(mine, id)
		title := ""
		if my != nil {
			title = my.Text
		} else {
			title = their.Text
		}
		add("q."+id, cmp.Or(briefly(title, 90), b.say("draft_untitled_question")), b.questionLines(their), b.questionLines(my))
	}
	if theirOrder, myOrder := commonOrder(theirs, mine), commonOrder(mine, theirs); !slices.Equal(theirOrder, myOrder) {
		add("order", b.say("draft_conflict_order"), theirOrder, myOrder)
	}
	return pairs
}

func (b *draftBuilder) settingLines(d *surveys.Document) []string {
	lines := []string{
		b.say("draft_purpose") + ": " + string(d.Purpose), b.say("draft_change") + ": " + d.Change, b.say("draft_language") + ": " + d.Language,
		b.say("draft_anonymity") + ": " + string(d.Anonymity), b.say("draft_minimum") + ": " + strconv.Itoa(d.Minimum),
		b.say("draft_results") + ": " + string(d.Results),
	}
	for _, c := range d.Constructs {
		lines = append(lines, b.say("draft_own_construct")+": "+c.Name)
	}
	return lines
}

// questionLines is everything about a question that the editor can change.
func (b *draftBuilder) questionLines(q *surveys.Question) []string {
	if q == nil {
		return nil
	}
	kind := string(q.Kind)
	for _, k := range b.kinds() {
		if k.Value == kind {
			kind = k.Text
		}
	}
	if q.Kind == surveys.Scale {
		kind += " · " + strconv.Itoa(q.Points)
		if q.Construct != "" {
			kind += " · " + q.Construct
		}
		if q.Reversed {
			kind += " · " + b.say("draft_about_reversed")
		}
	}
	if q.Required {
		kind += " · " + b.say("draft_about_required")
	}
	if q.Other {
		kind += " · " + b.say("draft_other")
	}
	lines := append(questionTexts(q), kind)
	if q.ShowIf != nil {
		lines = append(lines, b.say("draft_about_if")+": "+q.ShowIf.Question+" = "+strings.Join(q.ShowIf.In, ", "))
	}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// matchKey is what the questions of two texts are matched by: the id, or the text of a question that has none yet.
func matchKey(q *surveys.Question) string { return cmp.Or(q.ID, " "+q.Text) }

func questionNamed(d *surveys.Document, key string) *surveys.Question {
	for i := range d.Questions {
		if matchKey(&d.Questions[i]) == key {
			return &d.Questions[i]
		}
	}
	return nil
}

// idsOf lists the questions of both texts, in the order of the first, those of the second where they stand in it.
func idsOf(first, second *surveys.Document) []string {
	var ids []string
	for i := range first.Questions {
		if key := matchKey(&first.Questions[i]); !slices.Contains(ids, key) {
			ids = append(ids, key)
		}
	}
	before := -1
	for i := range second.Questions {
		key := matchKey(&second.Questions[i])
		if at := slices.Index(ids, key); at >= 0 {
			before = at
			continue
		}
		before++
		ids = slices.Insert(ids, before, key)
	}
	return ids
}

// commonOrder lists the texts of the questions that both have, in the order of the first.
func commonOrder(first, second *surveys.Document) []string {
	var texts []string
	for i := range first.Questions {
		if key := matchKey(&first.Questions[i]); questionNamed(second, key) != nil {
			texts = append(texts, key)
		}
	}
	return texts
}

// resolveDraft stores what was chosen of two texts. keep=mine or keep=theirs chooses everywhere.
func (s *Server) resolveDraft(c *fiber.Ctx, form surveys.Form) error {
	stored, err := s.draftOf(c)
	if err != nil {
		return err
	}
	mine := newDraftForm(form, nil).document(stored.Document.Translations)
	if all := form.First("keep"); all != "" {
		for name := range form {
			if strings.HasPrefix(name, "keep.") {
				delete(form, name)
			}
		}
		form["keep.all"] = []string{all}
	}
	version, err := strconv.Atoi(form.First("version"))
	if err != nil || stored.Deleted || stored.Published != 0 || version != stored.Version {
		return s.refuseDraft(c, form, stored, &surveys.Error{Kind: surveys.Conflict, Op: "web: draft"})
	}
	page, err := s.conflict(c, form, stored, mine)
	if err != nil {
		return err
	}
	choice := map[string]string{}
	for _, pair := range page.Pairs {
		choice[pair.Name] = cmp.Or(form.First("keep.all"), pair.Chosen)
		if choice[pair.Name] != "mine" && choice[pair.Name] != "theirs" {
			page.Missing = true
		}
	}
	if page.Missing {
		c.Status(http.StatusUnprocessableEntity)
		return s.page(c, "staff/draft_conflict", page)
	}
	d, err := drafts.Change(c.UserContext(), s.Store, stored.ID, version, s.stamp(c), func(d *drafts.Draft) {
		d.Document = merged(d.Document, mine, choice)
		d.Name(-1)
	})
	if err != nil {
		return s.refuseDraft(c, form, d, err)
	}
	return c.Redirect(fmt.Sprintf("%s?did=merged", draftAddress(d.ID)), http.StatusSeeOther)
}

// merged is the survey that the choices make of two texts. What does not differ is the same in both.
func merged(theirs, mine surveys.Document, choice map[string]string) surveys.Document {
	doc := theirs
	if choice["keep.title"] == "mine" {
		doc.Title = mine.Title
	}
	if choice["keep.intro"] == "mine" {
		doc.Intro = mine.Intro
	}
	if choice["keep.settings"] == "mine" {
		doc.Purpose, doc.Change, doc.Language, doc.Anonymity, doc.Minimum, doc.Results, doc.Constructs =
			mine.Purpose, mine.Change, mine.Language, mine.Anonymity, mine.Minimum, mine.Results, mine.Constructs
	}
	order := idsOf(&theirs, &mine)
	if choice["keep.order"] == "mine" {
		order = idsOf(&mine, &theirs)
	}
	doc.Questions = nil
	for _, id := range order {
		q := questionNamed(&theirs, id)
		if choice["keep.q."+id] == "mine" {
			q = questionNamed(&mine, id)
		}
		if q != nil {
			doc.Questions = append(doc.Questions, *q)
		}
	}
	return doc
}
