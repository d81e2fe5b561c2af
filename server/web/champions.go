package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/people"
)

// championsPage says which departments have somebody who carries the word.
type championsPage struct {
	frame
	Headline string
	Lead     string
	Names    bool // this person may read who they are
	Mails    bool
	None     bool
	Rows     []championRow
	Waiting  []volunteerLine
}

// championRow is a department with its champions; without names where they are not for this person.
type championRow struct {
	ID         surveys.DepartmentID
	Department string
	Count      string // "2 champions"; "" for none
	People     []championLine
}

type championLine struct {
	ID      champions.ID
	Name    string
	Topics  string
	Since   string
	Contact string
	Silent  bool
}

// volunteerLine is somebody who has volunteered and not confirmed it yet.
type volunteerLine struct {
	ID                        champions.ID
	Name, Department, Erasing string
}

// championsFor lists the champions and volunteers of departments that somebody may see, and those departments.
func (s *Server) championsFor(ctx context.Context, u accounts.User) ([]champions.Champion, []surveys.Department, error) {
	list, err := champions.List(ctx, s.Store)
	if err != nil {
		return nil, nil, err
	}
	departments, err := people.Departments(ctx, s.Store)
	departments = slices.DeleteFunc(departments, func(d surveys.Department) bool { return !u.Sees(d.ID) })
	return slices.DeleteFunc(list, func(c champions.Champion) bool { return !u.Sees(c.Department) }), departments, err
}

func (s *Server) showChampions(c *fiber.Ctx) error {
	f := s.frame(c, "champions_title", "champions")
	p := &phrases{speech: f.speech}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	list, departments, err := s.championsFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	page := championsPage{frame: f, Names: f.May("converse"), None: len(list) == 0}
	if page.Mails, err = s.mails(c.UserContext()); err != nil {
		return err
	}
	b := champions.NewBoard(list, departments, today)
	page.Headline, page.Lead = p.championsHeadline(&b), p.championsLead(&b)
	names := map[surveys.DepartmentID]string{}
	for _, r := range b.Rows {
		names[r.Department.ID] = r.Department.Name
		row := championRow{ID: r.Department.ID, Department: r.Department.Name}
		if len(r.Champions) > 0 {
			row.Count = p.count("champions_n", len(r.Champions))
		}
		for i := range r.Champions {
			if page.Names {
				row.People = append(row.People, p.championLine(&r.Champions[i], today))
			}
		}
		page.Rows = append(page.Rows, row)
	}
	for _, w := range b.Waiting {
		if page.Names {
			page.Waiting = append(page.Waiting, volunteerLine{w.ID, w.Name, names[w.Department], p.say("champions_erasing", "Date", p.date(w.Added.Plus(champions.KeptUnconfirmed).Time()))})
		}
	}
	return s.finish(c, "staff/champions", p, page)
}

// championsHeadline says how many departments have a champion, and names the few that have none.
func (p *phrases) championsHeadline(b *champions.Board) string {
	all := b.With + len(b.Without)
	headline := p.count("champions_headline", all, "With", p.Number(b.With))
	if n := len(b.Without); n == 0 || n > 3 || b.With == 0 {
		return headline
	}
	var without []string
	for _, d := range b.Without {
		without = append(without, d.Name)
	}
	return p.count("champions_headline_without", len(without), "First", headline, "Departments", p.both(without))
}

func (p *phrases) championsLead(b *champions.Board) string {
	var parts []string
	if b.Silent > 0 {
		parts = append(parts, p.count("champions_silent", b.Silent, "Days", p.Number(champions.SilentDays)))
	}
	if b.Gone > 0 {
		parts = append(parts, p.count("champions_gone", b.Gone))
	}
	return strings.Join(parts, " ")
}

func (p *phrases) championLine(c *champions.Champion, today surveys.Day) championLine {
	line := championLine{ID: c.ID, Name: c.Name, Topics: strings.Join(c.Topics, ", "), Since: p.date(c.Since.Time()), Contact: p.say("champions_no_contact"), Silent: c.Silent(today)}
	if c.LastContact != "" {
		line.Contact = p.date(c.LastContact.Time())
	}
	return line
}

func championAddress(id champions.ID) string { return fmt.Sprintf("/champions/%d", id) }

// championsBeside is what pages about a department or a change say about champions.
type championsBeside struct {
	Names bool
	Lines []besideLine
	Count string // "" for none
}

type besideLine struct {
	ID               champions.ID
	Name, Department string
	Topics           string
}

// championsBeside lists champions beside something else: who they are, or how many, for those who may not read that.
func (p *phrases) championsBeside(f frame, list []champions.Champion, names map[surveys.DepartmentID]string) *championsBeside {
	b := &championsBeside{Names: f.May("converse")}
	for _, c := range list {
		if b.Names {
			b.Lines = append(b.Lines, besideLine{c.ID, c.Name, names[c.Department], strings.Join(c.Topics, ", ")})
		}
	}
	if len(list) > 0 {
		b.Count = p.count("champions_n", len(list))
	}
	return b
}

// profileChampions lists the champions of a department.
func (s *Server) profileChampions(c *fiber.Ctx, f frame, p *phrases, d surveys.Department) (*championsBeside, error) {
	list, err := champions.List(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(one champions.Champion) bool { return one.Department != d.ID || !one.Active() })
	return p.championsBeside(f, list, nil), p.err
}
