package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/people"
)

// emptyLinks is how many lines for further links the form offers.
const emptyLinks = 2

// changeForm is the form of a new change, or of one that is edited.
type changeForm struct {
	frame
	Action      string
	New         bool
	OfIdea      string // address of the idea it comes from; "" for none
	Heading     string
	Change      changes.Change // as typed
	Fields      []changeField  // title, why, what and what is still open
	Risks       changeField
	Links       []linkField
	Languages   []option
	Owners      []string
	Departments []option
	CanAll      bool // offer all departments
	Stages      []option
	Entry       changes.Entry // of a new change, as typed
	Today       surveys.Day
	Faults      map[string]string // sentences by field
	Refused     string            // how many faults there are
	Theirs      *theirs           // what somebody else has saved meanwhile
}

// changeField is one text of a change.
type changeField struct {
	ID, Label, Hint, Value, Fault, Lang string
	Most                                int
	Rows                                int // 0: one line
	Theirs                              string
}

type linkField struct {
	Number int
	changes.Link
	Fault string
}

// theirs tells of a save in between.
type theirs struct {
	Lead  string
	Pairs []theirPair
}

type theirPair struct{ Name, Text string }

func (s *Server) showNewChange(c *fiber.Ctx) error {
	f := s.frame(c, "change_new_title", "changes")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	change := changes.Change{Language: f.Spoken, Owner: f.User.Email, Everybody: !f.User.Limited}
	if name := c.Query("name"); changes.ValidName(name) {
		change.Name = utils.CopyString(name)
	}
	page, err := s.changeForm(c, f, change, changes.Entry{Stage: changes.Idea, On: today}, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/change_form", page)
}

func (s *Server) postNewChange(c *fiber.Ctx) error { return s.createChange(c, nil) }

// createChange stores what was typed as a new change; with is what else belongs to its making, nil for nothing.
func (s *Server) createChange(c *fiber.Ctx, with func(today surveys.Day) []changes.Also) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "change_new_title", "changes")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed, entry := typedChange(form), typedEntry(form)
	typed.Name = form.First("name")
	if f.User.Limited && !mayWrite(f.User, &typed) {
		return notYours()
	}
	var also []changes.Also
	if with != nil {
		also = with(today)
	}
	made, err := changes.Create(c.UserContext(), s.Store, typed, entry, surveys.Stamp(s.stamp(c)), today, also...)
	if err != nil {
		return s.refuseChange(c, f, typed, entry, nil, err)
	}
	audited(c).Subject = strings.TrimPrefix(fmt.Sprintf("%s, change %d", audited(c).Subject, made.ID), ", ")
	return c.Redirect(changeAddress(made.ID), http.StatusSeeOther)
}

func changeAddress(id changes.ID) string { return fmt.Sprintf("/changes/%d", id) }

// changeOf is the change of the address, if this person may read about it.
func (s *Server) changeOf(c *fiber.Ctx) (changes.Change, error) {
	id, err := pathID(c, "change")
	if err != nil {
		return changes.Change{}, err
	}
	change, err := changes.ByID(c.UserContext(), s.Store, changes.ID(id))
	if err == nil && !mayRead(current(c).User, &change) {
		return changes.Change{}, notYours()
	}
	return change, err
}

// writableChange is the change of the address, if this person may write it.
func (s *Server) writableChange(c *fiber.Ctx) (changes.Change, error) {
	change, err := s.changeOf(c)
	if err == nil && !mayWrite(current(c).User, &change) {
		return changes.Change{}, notYours()
	}
	return change, err
}

func (s *Server) showEditChange(c *fiber.Ctx) error {
	change, err := s.writableChange(c)
	if err != nil {
		return err
	}
	page, err := s.changeForm(c, s.frame(c, "change_edit_title", "changes"), change, changes.Entry{}, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/change_form", page)
}

func (s *Server) postEditChange(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	stored, err := s.writableChange(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "change_edit_title", "changes")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed := typedChange(form)
	typed.ID, typed.Version, typed.Name, typed.History = stored.ID, versionOf(form), stored.Name, stored.History
	if f.User.Limited && len(typed.Departments) > 0 && !mayWrite(f.User, &typed) {
		return notYours()
	}
	saved, err := changes.Save(c.UserContext(), s.Store, typed, surveys.Stamp(s.stamp(c)), today)
	if err != nil {
		return s.refuseChange(c, f, typed, changes.Entry{}, &saved, err)
	}
	return c.Redirect(changeAddress(saved.ID), http.StatusSeeOther)
}

// typedChange reads the form. What is no id of a department names none.
func typedChange(form surveys.Form) changes.Change {
	c := changes.Change{Text: changeTextOf(form), Language: tidy(form.First("language")), Owner: tidy(form.First("owner")), Risks: tidy(form.First("risks")),
		Everybody: form.First("everybody") == "yes", GoLive: surveys.Day(strings.TrimSpace(tidy(form.First("golive")))), Public: form.First("public") != ""}
	for i, address := range form["url"] {
		l := changes.Link{URL: strings.TrimSpace(tidy(address))}
		if labels := form["label"]; i < len(labels) {
			l.Label = strings.TrimSpace(tidy(labels[i]))
		}
		if l != (changes.Link{}) && len(c.Links) <= changes.MostLinks {
			c.Links = append(c.Links, l)
		}
	}
	c.Departments = numbersIn[surveys.DepartmentID](form["department"])
	return c
}

func changeTextOf(form surveys.Form) changes.Text {
	return changes.Text{Title: tidy(form.First("title")), Why: tidy(form.First("why")), What: tidy(form.First("what")), StillOpen: tidy(form.First("open"))}
}

func typedEntry(form surveys.Form) changes.Entry {
	return changes.Entry{Stage: changes.Stage(tidy(form.First("stage"))), On: surveys.Day(strings.TrimSpace(tidy(form.First("on")))), Reason: tidy(form.First("reason"))}
}

// refuseChange shows the form once more with everything that was typed: beside its faults, or beside what somebody else
// has saved meanwhile. Saving again then overwrites that knowingly.
func (s *Server) refuseChange(c *fiber.Ctx, f frame, typed changes.Change, entry changes.Entry, stored *changes.Change, refusal error) error {
	p := &phrases{speech: f.speech}
	faults, faulty := p.changeFaults(refusal)
	if !faulty && (stored == nil || surveys.KindOf(refusal) != surveys.Conflict) {
		return refusal
	}
	if !faulty {
		typed.Version = stored.Version
	}
	page, err := s.changeForm(c, f, typed, entry, faults)
	if err != nil {
		return err
	}
	if faulty {
		page.Refused = p.count("change_refused", len(faults))
	} else {
		names, err := s.departmentNames(c.UserContext())
		if err != nil {
			return err
		}
		page.Theirs = p.theirs(typed, *stored, names)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.page(c, "staff/change_form", page)
}

// theirs lists what differs between what is typed and what is stored.
func (p *phrases) theirs(typed, stored changes.Change, names map[surveys.DepartmentID]string) *theirs {
	at, err := p.Moment(stored.Saved.At)
	if err != nil && p.err == nil {
		p.err = err
	}
	t := &theirs{Lead: p.say("change_theirs", "Who", stored.Saved.By, "When", at)}
	add := func(key, mine, other string) {
		if strings.TrimSpace(mine) != strings.TrimSpace(other) {
			t.Pairs = append(t.Pairs, theirPair{p.say(key), other})
		}
	}
	add("change_name_of", typed.Title, stored.Title)
	add("change_why", typed.Why, stored.Why)
	add("change_what", typed.What, stored.What)
	add("change_open", typed.StillOpen, stored.StillOpen)
	add("change_owner", typed.Owner, stored.Owner)
	add("change_risks", typed.Risks, stored.Risks)
	add("change_golive", string(typed.GoLive), string(stored.GoLive))
	add("change_links", linkLines(typed.Links), linkLines(stored.Links))
	add("change_departments", p.concerned(&typed, names), p.concerned(&stored, names))
	add("change_language", nameOf(typed.Language), nameOf(stored.Language))
	add("change_public", p.yesNo(typed.Public), p.yesNo(stored.Public))
	return t
}

func (p *phrases) yesNo(yes bool) string {
	if yes {
		return p.say("change_yes")
	}
	return p.say("change_no")
}

func linkLines(links []changes.Link) string {
	lines := make([]string, len(links))
	for i, l := range links {
		lines[i] = l.Label + " " + l.URL
	}
	return strings.Join(lines, "\n")
}

// changeFaults gives the sentences for what is wrong, by field; ok is false for an error that is not about one.
func (p *phrases) changeFaults(err error) (map[string]string, bool) {
	return p.roomFaults("change_fault_", err)
}

func (s *Server) changeForm(c *fiber.Ctx, f frame, change changes.Change, entry changes.Entry, faults map[string]string) (*changeForm, error) {
	p := &phrases{speech: f.speech}
	page := &changeForm{frame: f, New: change.ID == 0, Action: utils.CopyString(c.Path()), Heading: p.say("change_new_title"), Change: change, Entry: entry, Faults: faults}
	if !page.New {
		page.Heading = p.say("change_edit_heading", "Title", change.Title)
	}
	if id, err := pathID(c, "idea"); err == nil {
		page.OfIdea = staffIdeaPath(ideas.ID(id))
	}
	page.CanAll = !f.User.Limited
	page.Fields = p.changeTexts(change.Text, change.Language, faults)
	page.Risks = changeField{ID: "risks", Label: p.say("change_risks"), Hint: p.say("change_risks_hint"), Value: change.Risks, Fault: faults["risks"], Lang: change.Language, Most: changes.LongestRisks, Rows: 3}
	for i, l := range append(slices.Clone(change.Links), make([]changes.Link, emptyLinks)...) {
		page.Links = append(page.Links, linkField{i + 1, l, faults[fmt.Sprintf("links[%d]", i)]})
	}
	page.Languages = languageOptions(s.words.names, change.Language)
	for _, stage := range changes.Stages() {
		page.Stages = append(page.Stages, option{string(stage), p.stage(stage), stage == entry.Stage})
	}
	if err := s.fillChangeForm(c, page); err != nil {
		return nil, err
	}
	return page, p.err
}

// fillChangeForm adds what the database has to offer: the day, people and departments.
func (s *Server) fillChangeForm(c *fiber.Ctx, page *changeForm) (err error) {
	if page.Today, err = s.today(c.UserContext()); err != nil {
		return err
	}
	members, err := s.Accounts.Members(c.UserContext())
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Active() {
			page.Owners = append(page.Owners, m.Email)
		}
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	for _, d := range departments {
		chosen := slices.Contains(page.Change.Departments, d.ID)
		if chosen || !d.Archived && page.User.Sees(d.ID) {
			page.Departments = append(page.Departments, option{strconv.FormatInt(int64(d.ID), 10), d.Name, chosen})
		}
	}
	return nil
}

// changeTexts are the fields that are translated.
func (p *phrases) changeTexts(t changes.Text, lang string, faults map[string]string) []changeField {
	return []changeField{
		{ID: "title", Label: p.say("change_name_of"), Hint: p.say("change_name_hint"), Value: t.Title, Fault: faults["title"], Lang: lang, Most: changes.LongestTitle},
		{ID: "why", Label: p.say("change_why"), Hint: p.say("change_why_hint"), Value: t.Why, Fault: faults["why"], Lang: lang, Most: changes.LongestText, Rows: 6},
		{ID: "what", Label: p.say("change_what"), Hint: p.say("change_what_hint"), Value: t.What, Fault: faults["what"], Lang: lang, Most: changes.LongestText, Rows: 6},
		{ID: "open", Label: p.say("change_open"), Hint: p.say("change_open_hint"), Value: t.StillOpen, Fault: faults["open"], Lang: lang, Most: changes.LongestText, Rows: 4},
	}
}

// languageOptions offers languages, and the chosen one whatever it is.
func languageOptions(names []string, chosen string) []option {
	if !slices.Contains(names, chosen) && chosen != "" {
		names = append(slices.Clone(names), chosen)
	}
	options := make([]option, len(names))
	for i, name := range names {
		options[i] = option{name, nameOf(name), name == chosen}
	}
	return options
}
