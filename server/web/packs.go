package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/packs"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// packsPage lists the planning packs.
type packsPage struct {
	frame
	Headline string
	Packs    []packLine
	CanMake  bool
}

type packLine struct {
	Href, Title, Meeting, Made string
}

// maySee reports whether somebody may read a pack: of those limited to departments, whoever sees one that it is of.
func maySee(u accounts.User, p packs.Pack) bool { return slices.ContainsFunc(p.Departments, u.Sees) }

func packAddress(id packs.ID) string { return fmt.Sprintf("/packs/%d", id) }

func (s *Server) showPacks(c *fiber.Ctx) error {
	f := s.frame(c, "packs_title", "packs")
	p := &phrases{speech: f.speech}
	list, err := packs.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	page := packsPage{frame: f, CanMake: f.User.Role.May(accounts.RunWaves)}
	for _, pack := range list {
		if maySee(f.User, pack) {
			page.Packs = append(page.Packs, packLine{packAddress(pack.ID), pack.Title, p.say("pack_for", "Date", p.date(pack.Meeting.Time())), p.packMade(pack, f)})
		}
	}
	page.Headline = p.say("packs_none")
	if n := len(page.Packs); n > 0 {
		page.Headline = p.count("packs_headline", n)
	}
	return s.finish(c, "staff/packs", p, page)
}

func (p *phrases) packMade(pack packs.Pack, f frame) string {
	return p.say("pack_made", "Who", pack.Made.By, "Date", p.date(waves.LocalOf(pack.Made.At, f.Zone).Wall()))
}

// packForm is the form of a new pack, as typed.
type packForm struct {
	frame
	Name        string
	Meeting     string
	Waves       []packWave
	Changes     []option
	Departments []option
	MayQuote    bool // whoever makes it may read comments
	Quotes      bool
	Faults      map[string]string
	Refused     string
}

type packWave struct {
	option
	When string
}

// packWish is what a form asks for.
type packWish struct {
	title       string
	meeting     surveys.Day
	waves       []surveys.WaveID
	changes     []changes.ID
	departments []surveys.DepartmentID
	quotes      bool
}

// numbersIn reads the ids that are ticked; what is no number names nothing.
func numbersIn[ID ~int64](texts []string) (ids []ID) {
	for _, text := range texts {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, ID(n))
		}
	}
	return ids
}

func (s *Server) showNewPack(c *fiber.Ctx) error {
	f := s.frame(c, "pack_new_title", "packs")
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	wish := packWish{}
	for _, d := range departments {
		if f.User.Sees(d.ID) && d.Asked() {
			wish.departments = append(wish.departments, d.ID)
		}
	}
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return err
	}
	newest := map[surveys.SurveyID]surveys.WaveID{}
	for _, w := range all {
		if w.State == surveys.Closed {
			newest[w.Survey] = w.ID
		}
	}
	for _, w := range all {
		if newest[w.Survey] == w.ID {
			wish.waves = append(wish.waves, w.ID)
		}
	}
	page, err := s.packForm(c, f, wish, nil)
	if err != nil {
		return err
	}
	return s.page(c, "staff/pack_form", page)
}

func (s *Server) packForm(c *fiber.Ctx, f frame, wish packWish, faults map[string]string) (*packForm, error) {
	p := &phrases{speech: f.speech}
	page := &packForm{frame: f, Name: wish.title, Meeting: string(wish.meeting), Faults: faults, MayQuote: f.User.Role.May(accounts.ReadComments), Quotes: wish.quotes}
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return nil, err
	}
	for _, w := range slices.Backward(all) {
		if w.State == surveys.Closed {
			text := p.say("results_wave_of", "Wave", w.Label, "Survey", p.titled(w.Questionnaire.Document).Text)
			page.Waves = append(page.Waves, packWave{option{fmt.Sprint(w.ID), text, slices.Contains(wish.waves, w.ID)},
				p.say("results_closed", "Date", p.date(waves.LocalOf(w.Closed, f.Zone).Wall()))})
		}
	}
	known, err := s.changesFor(c.UserContext(), f.User)
	if err != nil {
		return nil, err
	}
	for i := range slices.Backward(known) {
		text, _ := known[i].In(p.Spoken)
		page.Changes = append(page.Changes, option{fmt.Sprint(known[i].ID), text.Title, slices.Contains(wish.changes, known[i].ID)})
	}
	departments, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	for _, d := range departments {
		if f.User.Sees(d.ID) {
			page.Departments = append(page.Departments, option{fmt.Sprint(d.ID), d.Name, slices.Contains(wish.departments, d.ID)})
		}
	}
	if len(faults) > 0 {
		page.Refused = p.count("pack_refused", len(faults))
	}
	return page, p.err
}

// postNewPack freezes what is asked for.
func (s *Server) postNewPack(c *fiber.Ctx) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	f := s.frame(c, "pack_new_title", "packs")
	wish := packWish{title: strings.TrimSpace(tidy(form.First("title"))), meeting: surveys.Day(strings.TrimSpace(tidy(form.First("meeting")))),
		waves: numbersIn[surveys.WaveID](form["wave"]), changes: numbersIn[changes.ID](form["change"]), departments: numbersIn[surveys.DepartmentID](form["department"]),
		quotes: form.First("comments") != "" && f.User.Role.May(accounts.ReadComments)}
	if slices.ContainsFunc(wish.departments, func(d surveys.DepartmentID) bool { return !f.User.Sees(d) }) {
		return notYours()
	}
	kept, refusal := s.makePack(c, f, wish)
	if refusal == nil {
		audited(c).Subject = fmt.Sprintf("pack %d", kept.ID)
		return c.Redirect(packAddress(kept.ID), http.StatusSeeOther)
	}
	var known *surveys.Error
	if !errors.As(refusal, &known) || len(known.Faults) == 0 {
		return refusal
	}
	p := &phrases{speech: f.speech}
	page, err := s.packForm(c, f, wish, p.faults("pack_fault_", known.Faults))
	if err != nil {
		return err
	}
	c.Status(failureOf(refusal).Status)
	return s.finish(c, "staff/pack_form", p, page)
}

func (s *Server) makePack(c *fiber.Ctx, f frame, wish packWish) (kept packs.Pack, err error) {
	ctx := c.UserContext()
	ask := analytics.PackAsk{Title: wish.title, Meeting: wish.meeting, Made: surveys.Stamp(s.stamp(c)), Departments: wish.departments, Waves: wish.waves, Comments: wish.quotes}
	if ask.Day, err = s.today(ctx); err != nil {
		return kept, err
	}
	known, err := s.changesFor(ctx, f.User)
	if err != nil {
		return kept, err
	}
	for _, change := range known {
		if slices.Contains(wish.changes, change.ID) {
			ask.Changes = append(ask.Changes, change)
		}
	}
	if ask.Suggested, _, err = s.suggesters(ctx); err != nil {
		return kept, err
	}
	faults := packs.Check(wish.title, wish.meeting)
	pack, err := s.Results.Pack(ctx, ask)
	var lacking *surveys.Error
	if errors.As(err, &lacking) && len(lacking.Faults) > 0 {
		faults, err = append(faults, lacking.Faults...), nil
	}
	if err != nil {
		return kept, err
	}
	if len(faults) > 0 {
		return kept, &surveys.Error{Kind: surveys.Invalid, Op: "web: pack", Message: "the pack cannot be made like this", Faults: faults}
	}
	document, err := pack.Document()
	if err != nil {
		return kept, err
	}
	err = s.Store.Transact(ctx, "pack", func(tx *store.Tx) (err error) {
		kept, err = packs.Keep(tx, pack.Record(), document)
		return err
	})
	return kept, err
}
