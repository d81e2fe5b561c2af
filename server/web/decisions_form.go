package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/decisions"
	"soundings/surveys/people"
)

// How many lines for options the form offers: so many more than there are, and no fewer than the least.
const (
	emptyOptions = 2
	leastLines   = 4
)

// decisionForm is the form of a new decision, or of one that is edited.
type decisionForm struct {
	frame
	Action      string
	Back        string
	New         bool
	Heading     string
	Change      changeName
	Decision    decisions.Decision // as typed
	Kinds       []kindLink         // of a new one
	Kind        string
	Title       changeField
	About       changeField
	Options     []optionField
	Fixed       bool // people were asked with the options as they are
	Languages   []option
	Departments []option
	CanAll      bool // offer all departments
	Today       surveys.Day
	Faults      map[string]string
	Refused     string
	Theirs      *theirs
}

// changeName is the change that a page belongs to.
type changeName struct{ Href, Title, Lang string }

// kindLink leads to the form for another kind.
type kindLink struct {
	Href, Text string
	Current    bool
}

// optionField is one line for an option.
type optionField struct {
	Number int
	decisions.Option
	Whole string // the option as people read it
	Fault string
}

func (p *phrases) changeName(change *changes.Change) changeName {
	text, lang := change.In(p.Spoken)
	return changeName{changeAddress(change.ID), text.Title, lang}
}

func (s *Server) showNewDecision(c *fiber.Ctx) error {
	change, err := s.changeOf(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "decision_new_title", "changes")
	p := &phrases{speech: f.speech}
	d := decisions.Decision{Change: change.ID, Kind: kindOf(c.Query("kind")), Language: f.Spoken, Everybody: !f.User.Limited}
	d.Title, d.Options = p.usual(d.Kind)
	if p.err != nil {
		return p.err
	}
	return s.decisionForm(c, f, &change, d, nil, nil)
}

// kindOf reads a kind; what is none is the first.
func kindOf(text string) decisions.Kind {
	if kind := decisions.Kind(utils.CopyString(text)); slices.Contains(decisions.Kinds(), kind) {
		return kind
	}
	return decisions.When
}

// usual is what is asked most often of a kind, as a beginning.
func (p *phrases) usual(kind decisions.Kind) (title string, options []decisions.Option) {
	keys := map[decisions.Kind][]string{
		decisions.Training: {"decision_usual_course", "decision_usual_spot", "decision_usual_colleague", "decision_usual_alone"},
		decisions.Pilot:    {"decision_usual_yes", "decision_usual_no", "decision_usual_later"},
	}[kind]
	for _, key := range keys {
		options = append(options, decisions.Option{Text: p.say(key)})
	}
	if kind == decisions.Free {
		return "", nil
	}
	return p.say("decision_usual_" + string(kind)), options
}

func (s *Server) postNewDecision(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	change, err := s.changeOf(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "decision_new_title", "changes")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed := typedDecision(form)
	typed.Change = change.ID
	if f.User.Limited && (typed.Everybody || len(typed.Departments) > 0) && !mayWriteDecision(f.User, &typed) {
		return notYours()
	}
	made, err := decisions.Add(c.UserContext(), s.Store, typed, surveys.Stamp(s.stamp(c)), today)
	if err != nil {
		return s.refuseDecision(c, f, &change, typed, nil, err)
	}
	audited(c).Subject += fmt.Sprintf(", decision %d", made.ID)
	return seeOther(c, decisionAddress(&made))
}

// typedDecision reads the form. What is no id of a department names none.
func typedDecision(form surveys.Form) decisions.Decision {
	d := decisions.Decision{Kind: decisions.Kind(tidy(form.First("kind"))), Title: tidy(form.First("title")), About: tidy(form.First("about")), Language: tidy(form.First("language")),
		Everybody: form.First("everybody") == "yes"}
	at := func(name string, i int) string {
		if values := form[name]; i < len(values) {
			return strings.TrimSpace(tidy(values[i]))
		}
		return ""
	}
	for i := range form["option"] {
		o := decisions.Option{ID: at("option.id", i), Text: at("option", i), From: typedDay(at("from", i)), Until: typedDay(at("until", i))}
		if len(d.Options) <= decisions.MostOptions && (o.Text != "" || o.From != "" || o.Until != "") {
			d.Options = append(d.Options, o)
		}
	}
	d.Departments = numbersIn[surveys.DepartmentID](form["department"])
	return d
}

// decisionOf is the decision of the address with what was asked about it, if this person may read it.
func (s *Server) decisionOf(c *fiber.Ctx) (*matter, error) {
	change, err := s.changeOf(c)
	if err != nil {
		return nil, err
	}
	id, err := pathID(c, "decision")
	if err != nil {
		return nil, err
	}
	d, err := decisions.ByID(c.UserContext(), s.Store, decisions.ID(id))
	if err != nil {
		return nil, err
	}
	if d.Change != change.ID {
		return nil, &surveys.Error{Kind: surveys.NotFound, Op: "web: decision", Message: "There is no such decision of this change."}
	}
	if !mayReadDecision(current(c).User, &d) {
		return nil, notYours()
	}
	return s.matter(c.UserContext(), &change, d)
}

func (s *Server) matter(ctx context.Context, change *changes.Change, d decisions.Decision) (*matter, error) {
	list, err := s.matters(ctx, change, []decisions.Decision{d})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// writableDecision is the decision of the address, if this person may write it.
func (s *Server) writableDecision(c *fiber.Ctx) (*matter, error) {
	m, err := s.decisionOf(c)
	if err == nil && !mayWriteDecision(current(c).User, &m.Decision) {
		return nil, notYours()
	}
	return m, err
}

func (s *Server) showEditDecision(c *fiber.Ctx) error {
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	return s.decisionForm(c, s.frame(c, "decision_edit_title", "changes"), m.change, m.Decision, nil, nil)
}

func (s *Server) postEditDecision(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	m, err := s.writableDecision(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "decision_edit_title", "changes")
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	typed := typedDecision(form)
	typed.ID, typed.Version, typed.Change, typed.Name, typed.History = m.ID, versionOf(form), m.Change, m.Name, m.History
	if f.User.Limited && (typed.Everybody || len(typed.Departments) > 0) && !mayWriteDecision(f.User, &typed) {
		return notYours()
	}
	saved, err := decisions.Save(c.UserContext(), s.Store, typed, surveys.Stamp(s.stamp(c)), today)
	if err != nil {
		return s.refuseDecision(c, f, m.change, typed, &saved, err)
	}
	return seeOther(c, decisionAddress(&saved))
}

// refuseDecision shows the form once more with everything that was typed: beside its faults, or beside what somebody else
// has saved meanwhile. Saving again then overwrites that knowingly.
func (s *Server) refuseDecision(c *fiber.Ctx, f frame, change *changes.Change, typed decisions.Decision, stored *decisions.Decision, refusal error) error {
	p := &phrases{speech: f.speech}
	faults, faulty := p.decisionFaults(refusal)
	if !faulty && (stored == nil || surveys.KindOf(refusal) != surveys.Conflict) {
		return refusal
	}
	var beside *theirs
	if !faulty {
		typed.Version = stored.Version
		names, err := s.departmentNames(c.UserContext())
		if err != nil {
			return err
		}
		beside = p.decisionTheirs(&matter{Decision: typed, change: change}, &matter{Decision: *stored, change: change}, names)
	}
	if p.err != nil {
		return p.err
	}
	c.Status(failureOf(refusal).Status)
	return s.decisionForm(c, f, change, typed, faults, beside)
}

// decisionFaults gives the sentences for what is wrong, by field; ok is false for an error that is not about one.
func (p *phrases) decisionFaults(err error) (map[string]string, bool) {
	return p.roomFaults("decision_fault_", err)
}

// decisionTheirs lists what differs between what is typed and what is stored.
func (p *phrases) decisionTheirs(typed, stored *matter, names map[surveys.DepartmentID]string) *theirs {
	at, err := p.Moment(stored.Saved.At)
	if err != nil && p.err == nil {
		p.err = err
	}
	t := &theirs{Lead: p.say("change_theirs", "Who", stored.Saved.By, "When", at)}
	add := func(key, mine, other string) {
		if mine != other {
			t.Pairs = append(t.Pairs, theirPair{p.say(key), other})
		}
	}
	add("decision_title", typed.Title, stored.Title)
	add("decision_about", typed.About, stored.About)
	add("decision_options", p.optionLines(&typed.Decision), p.optionLines(&stored.Decision))
	add("decision_departments", p.decides(typed, names), p.decides(stored, names))
	add("change_language", nameOf(typed.Language), nameOf(stored.Language))
	return t
}

func (p *phrases) optionLines(d *decisions.Decision) (lines string) {
	for _, o := range d.Options {
		lines += p.optionOf(o, d.Text()) + "\n"
	}
	return lines
}

func (s *Server) decisionForm(c *fiber.Ctx, f frame, change *changes.Change, d decisions.Decision, faults map[string]string, beside *theirs) error {
	p := &phrases{speech: f.speech}
	page := &decisionForm{frame: f, New: d.ID == 0, Action: changeAddress(change.ID) + "/decisions/new", Back: changeAddress(change.ID), Heading: p.say("decision_new_title"),
		Change: p.changeName(change), Decision: d, Kind: p.say("decision_kind_" + string(kindOf(string(d.Kind)))), CanAll: !f.User.Limited,
		Languages: languageOptions(s.words.names, d.Language), Faults: faults, Theirs: beside}
	if page.New {
		for _, kind := range decisions.Kinds() {
			page.Kinds = append(page.Kinds, kindLink{page.Action + "?kind=" + string(kind), p.say("decision_kind_" + string(kind)), kind == kindOf(string(d.Kind))})
		}
	} else {
		page.Action, page.Back, page.Heading = decisionAddress(&d)+"/edit", decisionAddress(&d), p.say("decision_edit_title")
	}
	if len(faults) > 0 {
		page.Refused = p.count("change_refused", len(faults))
	}
	page.Title = changeField{ID: "title", Label: p.say("decision_title"), Hint: p.say("decision_title_hint"), Value: d.Title, Fault: faults["title"], Lang: d.Language, Most: decisions.LongestTitle}
	page.About = changeField{ID: "about", Label: p.say("decision_about"), Hint: p.say("decision_about_hint"), Value: d.About, Fault: faults["about"], Lang: d.Language, Most: decisions.LongestAbout, Rows: 3}
	for i := range min(max(leastLines, len(d.Options)+emptyOptions), max(decisions.MostOptions, len(d.Options))) {
		field := optionField{Number: i + 1, Fault: faults[fmt.Sprintf("options[%d]", i)]}
		if i < len(d.Options) {
			field.Option, field.Whole = d.Options[i], p.optionOf(d.Options[i], d.Text())
		}
		page.Options = append(page.Options, field)
	}
	if err := s.fillDecisionForm(c, page, change); err != nil {
		return err
	}
	return s.finish(c, "staff/decision_form", p, page)
}

// fillDecisionForm adds what the database has to offer: the day, the departments that the change concerns, and whether
// people were asked.
func (s *Server) fillDecisionForm(c *fiber.Ctx, page *decisionForm, change *changes.Change) (err error) {
	if page.Today, err = s.today(c.UserContext()); err != nil {
		return err
	}
	if !page.New {
		if page.Fixed, err = decisions.WasAsked(s.Store.Read(c.UserContext()), page.Decision.Question()); err != nil {
			return err
		}
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	for _, d := range departments {
		chosen := slices.Contains(page.Decision.Departments, d.ID)
		if chosen || !d.Archived && page.User.Sees(d.ID) && change.Concerns(d.ID) {
			page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, chosen})
		}
	}
	return err
}
