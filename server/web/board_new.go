package web

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
)

// suggestPage is the form of a new idea, empty or as it was typed.
type suggestPage struct {
	respondentFrame
	Back        string
	Typed       ideas.Suggestion
	Seen        string // the title that similar ideas have been shown for
	Departments []optionView
	Small       []string // what becomes of an anonymous idea from a small department
	Reviewed    bool
	Limits      suggestLimits
	Faults      []faultLine
	Fault       map[string]string // by field
	Away        string            // why it is not stored, though nothing is wrong with it
	Similar     []ideaCard
}

type suggestLimits struct{ Title, Text string }

// similarMost is how many similar ideas are shown.
const similarMost = 3

// showSuggest is GET /board/new.
func (s *Server) showSuggest(c *fiber.Ctx) error {
	p, err := s.onBoard(c, nil)
	if err != nil {
		return err
	}
	page, err := s.suggestPage(c.UserContext(), p, ideas.Suggestion{Department: surveys.DepartmentID(c.QueryInt("department"))}, url.Values{})
	if err != nil {
		return err
	}
	return s.page(c, "answer/suggest", page)
}

func (s *Server) suggestPage(ctx context.Context, p *phrases, typed ideas.Suggestion, address url.Values) (*suggestPage, error) {
	page := &suggestPage{respondentFrame: s.boardFrame(p, p.say("board_suggest"), address), Back: "/board?lang=" + p.Lang, Typed: typed,
		Reviewed: s.house().Board == settings.BoardReviewed, Fault: map[string]string{},
		Limits: suggestLimits{p.say("board_limit", "Most", p.Number(ideas.LongestTitle)), p.say("board_limit", "Most", p.Number(ideas.LongestText))}}
	offers, names, err := s.boardDepartments(ctx)
	if err != nil {
		return nil, err
	}
	var alone []string
	for _, o := range offers {
		page.Departments = append(page.Departments, optionView{Value: idText(int64(o.ID)), Text: o.Name, Chosen: o.ID == typed.Department})
		switch o.Unsigned {
		case o.ID:
		case 0:
			alone = append(alone, o.Name)
		default:
			page.Small = append(page.Small, p.say("board_small_group", "Department", o.Name, "Group", names[o.Unsigned]))
		}
	}
	if len(alone) > 0 {
		page.Small = append(page.Small, p.say("board_small", "Departments", p.oneOf(alone)))
	}
	return page, p.err
}

// postSuggest is POST /board/new.
func (s *Server) postSuggest(c *fiber.Ctx) error {
	neverKept(c)
	if err := fromOurselves(c); err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.onBoard(c, form)
	if err != nil {
		return err
	}
	if form.First("website") != "" { // no person sees this field
		return s.thankForIdea(c, p)
	}
	typed := ideas.Suggestion{Title: tidy(form.First("title")), Text: tidy(form.First("text")), Signed: tidy(form.First("name")), Language: p.Lang}
	if chosen := numbersIn[surveys.DepartmentID](form["department"]); len(chosen) > 0 {
		typed.Department = chosen[0]
	}
	if similar, err := s.similar(c.UserContext(), p, typed.Title, form.First("seen")); err != nil || len(similar) > 0 {
		return s.askAgain(c, p, typed, similar, err)
	}
	if err := s.suggesting.take(s.address(c), s.Now()); err != nil {
		return s.refuseIdea(c, p, typed, form.First("seen"), err)
	}
	place := ideas.Waiting
	if s.house().Board == settings.BoardOpen {
		place = ideas.Shown
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return s.refuseIdea(c, p, typed, form.First("seen"), err)
	}
	if _, err := ideas.Suggest(c.UserContext(), s.Store, typed, place, today); err != nil {
		return s.refuseIdea(c, p, typed, form.First("seen"), err)
	}
	return s.thankForIdea(c, p)
}

// thankForIdea leads to the board and not to the idea: a proxy logs addresses beside where they were asked from, and its log
// must not tell whose idea is whose.
func (s *Server) thankForIdea(c *fiber.Ctx, p *phrases) error {
	return seeOther(c, "/board?sent=yes&lang="+p.Lang)
}

// similar are the ideas that are like a title, unless its author has seen them: on the page with the question, or while
// typing.
func (s *Server) similar(ctx context.Context, p *phrases, title, seen string) ([]ideaCard, error) {
	if same := strings.Join(strings.Fields(title), " "); same == "" || same == strings.Join(strings.Fields(tidy(seen)), " ") {
		return nil, nil
	}
	list, err := ideas.List(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	names, err := s.departmentNames(ctx)
	if err != nil {
		return nil, err
	}
	var cards []ideaCard
	for _, i := range ideas.Alike(title, list, similarMost) {
		cards = append(cards, p.ideaCard(&i, names))
	}
	return cards, p.err
}

// askAgain shows the ideas that are like the one just sent, which is not stored yet; cause is why they could not be read.
func (s *Server) askAgain(c *fiber.Ctx, p *phrases, typed ideas.Suggestion, similar []ideaCard, cause error) error {
	if cause != nil {
		return s.refuseIdea(c, p, typed, "", cause)
	}
	page, err := s.suggestPage(c.UserContext(), p, typed, nil)
	if err != nil {
		return err
	}
	page.Similar, page.Seen = similar, typed.Title
	return s.page(c, "answer/suggest", page)
}

// refuseIdea gives the form back as it was typed: beside its faults, or because the idea could not be stored.
func (s *Server) refuseIdea(c *fiber.Ctx, p *phrases, typed ideas.Suggestion, seen string, cause error) error {
	page, err := s.suggestPage(c.UserContext(), p, typed, nil)
	if err != nil {
		return errors.Join(cause, err)
	}
	page.Seen = tidy(seen)
	var known *surveys.Error
	errors.As(cause, &known)
	switch kind := surveys.KindOf(cause); {
	case kind == surveys.Invalid && known != nil:
		for _, f := range known.Faults {
			line := faultLine{Target: f.Path, Label: p.say("board_field_" + f.Path), Text: p.ideaFault(f)}
			page.Faults, page.Fault[f.Path] = append(page.Faults, line), line.Text
		}
	case kind == surveys.TooMany || kind == surveys.Unavailable:
		page.Away = p.say("board_away")
	default:
		return cause
	}
	return refuse(c, errors.Join(cause, p.err), "answer/suggest", page)
}

// ideaFault says what is wrong with a field of an idea, in the respondent's words.
func (p *phrases) ideaFault(f surveys.Fault) string {
	switch f.Code {
	case ideas.FaultRequired:
		return p.say("board_required")
	case ideas.FaultLong:
		most := map[string]int{"title": ideas.LongestTitle, "text": ideas.LongestText, "name": ideas.LongestName}
		return p.say("fault_too_long", "Most", p.Number(most[f.Path]))
	case ideas.FaultUnreadable:
		return p.say("fault_not_text")
	}
	return p.say("fault_unknown")
}

// boardSimilar is POST /board/similar, which the form asks while a title is typed. It is posted, though it changes nothing:
// what is typed must not stand in an address, which a proxy logs beside where it was asked from.
func (s *Server) boardSimilar(c *fiber.Ctx) error {
	neverKept(c)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	p, err := s.onBoard(c, form)
	if err != nil {
		return err
	}
	if err := s.comparing.take(s.address(c), s.Now()); err != nil {
		return err // the form asks when it is sent
	}
	cards, err := s.similar(c.UserContext(), p, form.First("q"), "")
	if err != nil {
		return err
	}
	type like struct {
		Title string `json:"title"`
		Lang  string `json:"lang"`
		Href  string `json:"href"`
		About string `json:"about"`
	}
	found := make([]like, len(cards))
	for i, card := range cards {
		found[i] = like{card.Title, card.Lang, card.Href, card.Status + " · " + card.Supporters}
	}
	return c.JSON(map[string]any{"ideas": found})
}

// ideaChange is the change that an idea became, with its public page where it has one; nil where it is none.
func (s *Server) ideaChange(ctx context.Context, id changes.ID, lang string) (*ideaChange, error) {
	if id == 0 {
		return nil, nil
	}
	change, err := changes.ByID(ctx, s.Store, id)
	if surveys.KindOf(err) == surveys.NotFound {
		return nil, nil
	}
	if err != nil || !change.Public {
		return nil, err // the board must not say more of a change than its authors have made public
	}
	text, written := change.In(lang)
	return &ideaChange{text.Title, written, aboutAddress(&change, lang)}, nil
}
