package web

import (
	"fmt"
	"html/template"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/people"
)

// briefPage is one page on how to put a change to a department.
type briefPage struct {
	frame
	Change     pageLink
	ChangeLang string
	Department pageLink
	Sheet      briefSheet
}

// briefSheet is what stands on the page, and in a planning pack.
type briefSheet struct {
	*speech
	ID           string // that its anchors begin with
	Title        string
	Of           string // which figures, and of which day
	Lead         []briefSentence
	Sentences    []briefSentence
	Facts        []profileFact
	Hidden       string // why there are no figures
	Items        []briefItem
	Choices      []briefChoice
	Drivers      []briefItem
	DriversTitle string
	Everyone     string // that some drivers are the organisation's
	Words        *profileComments
	Champions    *championsBeside
	Carried      string
	Ideas        []briefIdea
	Visit        *briefVisit
	NextVisit    pageLink
	Decisions    []briefDecision
	Pitches      []briefPitch
	Promises     []briefPromise
	Earlier      []briefEarlier
}

// briefSentence is one sentence with the way to its number.
type briefSentence struct {
	Text   string
	Number string // that the link is called
	Href   string
	Where  string // what it leads to
}

type briefItem struct {
	Text, Detail string
	Verdict      verdict
	Everyone     bool
}

type briefChoice struct {
	Title   string
	Count   string
	Options []briefItem
}

type briefIdea struct {
	pageLink
	Lang, Status string
}

type briefVisit struct {
	Href, When, Purpose string
	Heard               template.HTML
}

type briefPitch struct {
	Name, Scope string
	HTML        template.HTML
	Words       writing
}

type briefDecision struct {
	pageLink
	Words   writing
	Decided string // what was, for them; "" while it is open
	Reason  string
	Result  string // why their answers are not told, or of how many they are
	Chosen  []briefItem
}

type briefPromise struct {
	Href         string
	Said, Answer string
	Words        writing
	State, Class string
}

type briefEarlier struct {
	pageLink
	Lang   string
	Points []briefPoint
	HTML   template.HTML // of the pitch
	Words  writing
}

type briefPoint struct {
	Label, Mean, Detail string
	Cell                int
	Warnings            []string
}

func briefAddress(change changes.ID, department surveys.DepartmentID) string {
	return fmt.Sprintf("%s/brief/%d", changeAddress(change), department)
}

// briefsOf are the departments that somebody may read a brief for, with its address.
func (s *Server) briefsOf(c *fiber.Ctx, u accounts.User, change *changes.Change) (links []pageLink, err error) {
	all, err := people.Departments(c.UserContext(), s.Store)
	for i := range all {
		if analytics.Briefed(change, &all[i]) && u.Sees(all[i].ID) {
			links = append(links, pageLink{briefAddress(change.ID, all[i].ID), all[i].Name})
		}
	}
	return links, err
}

// profileBriefs are the changes on which there is a brief for a department: those that are not over.
func (s *Server) profileBriefs(c *fiber.Ctx, v *profileView) (links []pageLink, err error) {
	list, err := s.changesFor(c.UserContext(), v.frame.User)
	for i := range slices.Backward(list) {
		if analytics.Briefed(&list[i], &v.department) && !list[i].Now().Stage.Ended() {
			text, _ := list[i].In(v.Spoken)
			links = append(links, pageLink{briefAddress(list[i].ID, v.department.ID), text.Title})
		}
	}
	return links, err
}

// noBrief refuses a department that the change does not concern.
func noBrief() error {
	return &surveys.Error{Kind: surveys.NotFound, Code: "no brief", Op: "web: brief", Message: "This change does not concern such a department."}
}

// briefOf reads the brief of a change for a department.
func (s *Server) briefOf(c *fiber.Ctx, change changes.Change, wanted func(*surveys.Department) bool) (*analytics.Brief, error) {
	all, err := people.Departments(c.UserContext(), s.Store)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(d surveys.Department) bool { return wanted(&d) && analytics.Briefed(&change, &d) })
	if at < 0 {
		return nil, noBrief()
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return nil, err
	}
	return s.Results.Brief(c.UserContext(), analytics.BriefAsk{Change: change, Department: all[at], Day: today})
}

func (s *Server) showBrief(c *fiber.Ctx) error {
	change, err := s.changeOf(c)
	if err != nil {
		return err
	}
	id, err := pathID(c, "department")
	if err != nil {
		return err
	}
	if !current(c).User.Sees(surveys.DepartmentID(id)) {
		return notYours()
	}
	b, err := s.briefOf(c, change, func(d *surveys.Department) bool { return d.ID == surveys.DepartmentID(id) })
	if err != nil {
		return err
	}
	book, err := s.waveBook(c, "brief_title")
	if err != nil {
		return err
	}
	book.frame.Here = "changes"
	w := newBriefWriter(book, b, "")
	page := briefPage{frame: book.frame, Sheet: w.sheet(), Department: pageLink{fmt.Sprintf("/departments/%d", b.Department), b.DepartmentName}}
	page.Change = pageLink{Href: changeAddress(change.ID)}
	page.Change.Text, page.ChangeLang = b.ChangeTitle.In(w.Spoken)
	if err := s.briefPeople(c, w, &page.Sheet); err != nil {
		return err
	}
	return s.finish(c, "staff/brief", &w.phrases, page)
}

// briefPeople adds what people wrote and who carries the word, as far as somebody may read that. Both stand on the page
// only as they are now: in no pack, and in no file.
func (s *Server) briefPeople(c *fiber.Ctx, w *briefWriter, sheet *briefSheet) (err error) {
	department := surveys.Department{ID: w.brief.Department, Name: w.brief.DepartmentName}
	if sheet.Champions, err = s.profileChampions(c, w.frame, &w.phrases, department); err != nil || w.brief.Wave == nil {
		return err
	}
	wave, err := s.Results.WaveByID(c.UserContext(), w.brief.Wave.ID)
	if err != nil {
		return err
	}
	sheet.Words, err = w.comments(c, wave, department.ID)
	return err
}

// Anchor is where a block of the brief stands on its page, or in a pack.
func (b briefSheet) Anchor(block string) string {
	if b.ID == "" {
		return block
	}
	return b.ID + "-" + block
}

// briefHeading is the title of a block.
type briefHeading struct {
	ID, Text string
	Deep     bool // beneath other headings, in a pack
}

// Heading is the title of a block; in a pack it stands deeper than on a page of its own.
func (b briefSheet) Heading(block, text string) briefHeading {
	return briefHeading{b.Anchor(block), text, b.ID != ""}
}
