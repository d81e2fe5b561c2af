package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/store"
	"soundings/surveys/waves"
)

// planPage is the form of a plan.
type planPage struct {
	frame
	Plan        waves.Plan
	Surveys     []surveyChoice
	Departments []option
	Recurrences []option
	Quiet       []quietField
	Dates       []string
	Faults      map[string]string
	Zone        string
	Action      string
}

// quietField is one row for days in which nothing opens.
type quietField struct {
	Index    int
	From, To string
	Fault    string
}

const (
	quietRows    = 3 // empty ones, for more quiet weeks
	mostQuietRow = 40
)

func (s *Server) showNewPlan(c *fiber.Ctx) error {
	b, err := s.waveBook(c, "plan_new")
	if err != nil {
		return err
	}
	tomorrow := b.now.Wall().AddDate(0, 0, 1).Format(time.DateOnly)
	fortnight := b.now.Wall().AddDate(0, 0, 15).Format(time.DateOnly)
	p := waves.Plan{Every: waves.Once, Opens: waves.Local(tomorrow + "T08:00"), Closes: waves.Local(fortnight + "T18:00")}
	p.Survey = surveys.SurveyID(c.QueryInt("survey"))
	for _, raw := range c.Context().QueryArgs().PeekMulti("department") {
		if id, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			p.Departments = append(p.Departments, surveys.DepartmentID(id))
		}
	}
	return b.planForm(c, p, nil)
}

func (s *Server) showPlan(c *fiber.Ctx) error {
	b, p, err := s.plan(c, "plan_edit")
	if err != nil {
		return err
	}
	return b.planForm(c, p, nil)
}

// plan reads the plan in the address.
func (s *Server) plan(c *fiber.Ctx, title string) (*waveBook, waves.Plan, error) {
	id, err := idOf[waves.PlanID](c, "plan")
	if err != nil {
		return nil, waves.Plan{}, err
	}
	b, err := s.waveBook(c, title)
	if err != nil {
		return nil, waves.Plan{}, err
	}
	p, err := waves.PlanByID(s.Store.Read(c.UserContext()), id)
	return b, p, err
}

func (s *Server) postNewPlan(c *fiber.Ctx) error {
	b, err := s.waveBook(c, "plan_new")
	if err != nil {
		return err
	}
	return b.savePlan(c, waves.Plan{})
}

func (s *Server) postPlan(c *fiber.Ctx) error {
	b, p, err := s.plan(c, "plan_edit")
	if err != nil {
		return err
	}
	return b.savePlan(c, p)
}

// savePlan stores what was typed and leads on to the check list, or shows the form again: with the dates that were asked
// for, or with what is wrong.
func (b *waveBook) savePlan(c *fiber.Ctx, old waves.Plan) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	p := typedPlan(form)
	p.ID = old.ID
	if form.First("show") != "" {
		return b.planForm(c, p, p.Faults())
	}
	if _, err := b.server.Catalog.Newest(c.UserContext(), p.Survey); surveys.KindOf(err) == surveys.NotFound {
		return b.planForm(c, p, append(surveys.Faults{planProblem("survey", "required")}, p.Faults()...))
	} else if err != nil {
		return err
	}
	err = b.server.Store.Transact(c.UserContext(), "web: plan", func(tx *store.Tx) (err error) {
		saved := p
		saved.ID = old.ID
		p.ID, err = waves.SavePlan(tx, saved)
		return err
	})
	var known *surveys.Error
	if errors.As(err, &known) && known.Kind == surveys.Invalid {
		p.ID = old.ID
		return b.planForm(c, p, known.Faults)
	}
	if err != nil {
		return err
	}
	audited(c).Subject = fmt.Sprint("plan ", p.ID)
	return c.Redirect(fmt.Sprintf("/waves/plans/%d/check", p.ID), http.StatusSeeOther)
}

// typedPlan reads the form. Rows of quiet weeks that are left empty are not there.
func typedPlan(form surveys.Form) waves.Plan {
	survey, _ := strconv.ParseInt(form.First("survey"), 10, 64) // what is no number is no survey
	p := waves.Plan{Survey: surveys.SurveyID(survey), Label: strings.TrimSpace(form.First("label")), Every: waves.Recurrence(form.First("every")),
		Opens: waves.Local(form.First("opens")), Closes: waves.Local(form.First("closes")), Mail: form.First("mail") != ""}
	for _, raw := range form["department"] {
		if id, err := strconv.ParseInt(raw, 10, 64); err == nil && form.First("whom") != "all" {
			p.Departments = append(p.Departments, surveys.DepartmentID(id))
		}
	}
	for i := range mostQuietRow {
		from, to := form.First(fmt.Sprint("quiet.", i, ".from")), form.First(fmt.Sprint("quiet.", i, ".to"))
		if from != "" || to != "" {
			p.Quiet = append(p.Quiet, waves.Quiet{From: from, To: to})
		}
	}
	return p
}

func (b *waveBook) planForm(c *fiber.Ctx, p waves.Plan, faults surveys.Faults) error {
	page := planPage{Plan: p, Zone: b.zone.String(), Action: "/waves/new", Faults: b.faults("plan_fault_", faults)}
	if p.ID != 0 {
		page.Action = fmt.Sprintf("/waves/plans/%d/edit", p.ID)
	}
	if err := b.planChoices(c, &page); err != nil {
		return err
	}
	for i := range len(p.Quiet) + quietRows {
		row := quietField{Index: i, Fault: page.Faults[fmt.Sprint("quiet.", i)]}
		if i < len(p.Quiet) {
			row.From, row.To = p.Quiet[i].From, p.Quiet[i].To
		}
		page.Quiet = append(page.Quiet, row)
	}
	if len(p.Faults()) == 0 {
		page.Dates = b.dates(p)
	}
	if len(faults) > 0 {
		c.Status(statuses[surveys.Invalid])
	}
	page.frame = b.frame
	return b.server.finish(c, "staff/waveplan", &b.phrases, page)
}

// dates are the next openings of a plan.
func (b *waveBook) dates(p waves.Plan) []string {
	var list []string
	for _, l := range p.After(b.now, datesShown) {
		list = append(list, b.moment(l))
	}
	return list
}

func (b *waveBook) planChoices(c *fiber.Ctx, page *planPage) error {
	list, err := b.server.Catalog.List(c.UserContext())
	if err != nil {
		return err
	}
	for _, l := range list {
		page.Surveys = append(page.Surveys, b.surveyChoice(l.ID, l.Newest.Document, l.ID == page.Plan.Survey))
	}
	offered, err := people.Offered(c.UserContext(), b.server.Store)
	if err != nil {
		return err
	}
	for _, d := range offered {
		page.Departments = append(page.Departments, option{fmt.Sprint(d.ID), d.Name, slices.Contains(page.Plan.Departments, d.ID)})
	}
	for _, r := range waves.Recurrences() {
		page.Recurrences = append(page.Recurrences, option{string(r), b.recurrence(r), r == page.Plan.Every})
	}
	return nil
}

func (b *waveBook) recurrence(r waves.Recurrence) string {
	return b.say(map[waves.Recurrence]string{
		waves.Once: "plan_once", waves.Weekly: "plan_weekly", waves.Biweekly: "plan_biweekly", waves.Monthly: "plan_monthly",
		waves.Quarterly: "plan_quarterly", waves.HalfYearly: "plan_half_yearly", waves.Yearly: "plan_yearly",
	}[r])
}

// planProblem is a fault of a field of a plan or of a wave's dates.
func planProblem(path, code string) surveys.Fault { return surveys.Fault{Path: path, Code: code} }

// planDates gives the next openings of what is typed so far, for the form's script.
func (s *Server) planDates(c *fiber.Ctx) error {
	b, err := s.waveBook(c, "plan_new")
	if err != nil {
		return err
	}
	form := surveys.Form{}
	c.Context().QueryArgs().VisitAll(func(key, value []byte) { form[string(key)] = append(form[string(key)], string(value)) })
	p := typedPlan(form)
	dates := []string{}
	if len(p.Faults()) == 0 {
		dates = append(dates, b.dates(p)...)
	}
	if b.err != nil {
		return b.err
	}
	return c.JSON(map[string][]string{"dates": dates})
}

// act changes the plan in the address and leads to a page.
func (s *Server) act(c *fiber.Ctx, to string, change func(tx *store.Tx, id waves.PlanID, now waves.Local) error) error {
	b, p, err := s.plan(c, "")
	if err != nil {
		return err
	}
	err = s.Store.Transact(c.UserContext(), "web: plan", func(tx *store.Tx) error { return change(tx, p.ID, b.now) })
	if err != nil {
		return err
	}
	return c.Redirect(to, http.StatusSeeOther)
}

func (s *Server) postStopPlan(c *fiber.Ctx) error {
	return s.act(c, "/waves", func(tx *store.Tx, id waves.PlanID, _ waves.Local) error { return waves.Stop(tx, id) })
}

// postDismissPlan takes the note about a missed opening away.
func (s *Server) postDismissPlan(c *fiber.Ctx) error {
	return s.act(c, "/waves", func(tx *store.Tx, id waves.PlanID, _ waves.Local) error { return waves.Dismiss(tx, id) })
}

// postSchedulePlan schedules; a plan whose date has gone by meanwhile comes back as the check list that says so.
func (s *Server) postSchedulePlan(c *fiber.Ctx) error {
	err := s.act(c, "/waves", waves.Schedule)
	if surveys.KindOf(err) == surveys.Invalid {
		c.Status(statuses[surveys.Invalid])
		return s.showCheck(c)
	}
	return err
}

func (s *Server) postOpenPlan(c *fiber.Ctx) error {
	id, err := idOf[waves.PlanID](c, "plan")
	if err != nil {
		return err
	}
	wave, err := s.Waves.OpenPlan(c.UserContext(), id)
	if err != nil {
		return err
	}
	audited(c).Subject = fmt.Sprint("wave ", wave.ID)
	return c.Redirect(fmt.Sprintf("/waves/%d", wave.ID), http.StatusSeeOther)
}
