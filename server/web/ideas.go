package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/server/accounts"
	"soundings/surveys"
	"soundings/surveys/ideas"
	"soundings/surveys/settings"
)

// ideasPage lists what people have suggested, for IT.
type ideasPage struct {
	frame
	Headline    string
	Lead        string
	Board       bool // there is one
	None        bool // nothing has been suggested yet
	States      []option
	Departments []option
	Search      string
	Sorts       []option
	Lines       []ideaLine
	More        string // address of the next page
}

// ideaLine is one idea of the list.
type ideaLine struct {
	ID         ideas.ID
	Title      string
	Lang       string
	Facts      []string
	Status     string
	Mark       string // of the status, for its colour
	Place      string // where it is not on the board by itself: why
	Supporters string
}

// What the list can be narrowed to, beside a status: the ideas that wait to be looked at, are hidden, or are merged.
const (
	listWaiting = "waiting"
	listHidden  = "hidden"
	listMerged  = "merged"
	sortSupport = "support"
	sortNewest  = "newest"
)

// ideasFor lists the ideas that somebody may read, the oldest first.
func (s *Server) ideasFor(ctx context.Context, u accounts.User) ([]ideas.Idea, error) {
	list, err := ideas.List(ctx, s.Store)
	return slices.DeleteFunc(list, func(i ideas.Idea) bool { return !mayReadIdea(u, &i) }), err
}

// mayReadIdea reports whether somebody may read an idea: of those limited to departments, one of theirs or of none in
// particular.
func mayReadIdea(u accounts.User, i *ideas.Idea) bool {
	return i.Department == 0 || u.Sees(i.Department)
}

// mayKeepIdea reports whether somebody may reply to an idea and decide where it stands: of those limited to departments, to
// one of theirs, because what is said to an idea of nobody in particular reaches the others too.
func mayKeepIdea(u accounts.User, i *ideas.Idea) bool {
	return u.Role.May(accounts.Converse) && (!u.Limited || i.Department != 0 && u.Sees(i.Department))
}

// mayPromote reports whether somebody may make an idea a change.
func mayPromote(u accounts.User, i *ideas.Idea) bool {
	return mayKeepIdea(u, i) && u.Role.May(accounts.EditSurveys) && i.Change == 0 && i.MergedInto == 0
}

func (s *Server) showIdeas(c *fiber.Ctx) error {
	f := s.frame(c, "ideas_title", "ideas")
	p := &phrases{speech: f.speech}
	all, err := s.ideasFor(c.UserContext(), f.User)
	if err != nil {
		return err
	}
	offers, names, err := s.boardDepartments(c.UserContext())
	if err != nil {
		return err
	}
	board := s.house().Board
	page := ideasPage{frame: f, Board: board.On(), None: len(all) == 0}
	page.Headline, page.Lead = p.ideasHeadline(all, board)
	state, order := utils.CopyString(c.Query("status")), utils.CopyString(c.Query("sort"))
	raw := utils.CopyString(c.Query("q"))
	page.Search = strings.TrimSpace(strings.ToValidUTF8(raw[:min(len(raw), longestQuery)], ""))
	department := surveys.DepartmentID(c.QueryInt("department"))
	shown := slices.DeleteFunc(all, func(i ideas.Idea) bool {
		return !inList(&i, state) || department > 0 && i.Department != department || !i.Matches(page.Search)
	})
	if ideas.Sort(shown); order == sortNewest {
		slices.SortFunc(shown, func(a, b ideas.Idea) int { return int(b.ID - a.ID) })
	}
	number := min(max(c.QueryInt("page"), 1), mostBoardPages)
	if number*ideasOnPage < len(shown) {
		page.More = "/ideas?" + url.Values{"status": {state}, "sort": {order}, "q": {page.Search}, "department": {utils.CopyString(c.Query("department"))}, "page": {strconv.Itoa(number + 1)}}.Encode()
	}
	for _, i := range shown[min((number-1)*ideasOnPage, len(shown)):min(number*ideasOnPage, len(shown))] {
		page.Lines = append(page.Lines, p.ideaLine(&i, names))
	}
	page.States, page.Sorts = p.ideaStates(state), []option{{sortSupport, p.say("ideas_sort_support"), order != sortNewest}, {sortNewest, p.say("ideas_sort_newest"), order == sortNewest}}
	for _, d := range offers {
		if f.User.Sees(d.ID) {
			page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, d.ID == department})
		}
	}
	return s.finish(c, "staff/ideas", p, page)
}

// inList reports whether an idea is in the list of a state; without one, all are that stand by themselves and are not hidden.
func inList(i *ideas.Idea, state string) bool {
	switch state {
	case listMerged:
		return i.MergedInto != 0
	case listHidden:
		return i.MergedInto == 0 && i.Place == ideas.Hidden
	case listWaiting:
		return i.MergedInto == 0 && i.Place == ideas.Waiting
	}
	return i.MergedInto == 0 && i.Place != ideas.Hidden && (state == "" || string(i.Status()) == state)
}

func (p *phrases) ideasHeadline(all []ideas.Idea, board settings.Board) (headline, lead string) {
	open, unseen := 0, 0
	for i := range all {
		if all[i].Open() {
			open++
		}
		if inList(&all[i], listWaiting) {
			unseen++
		}
	}
	switch {
	case len(all) == 0:
		headline = p.say("ideas_none")
	case open == 0:
		headline = p.say("ideas_all_replied")
	default:
		headline = p.count("ideas_open", open)
	}
	lead = p.say("ideas_board_" + boardWord(board))
	if unseen > 0 {
		lead = p.count("ideas_unseen", unseen) + " " + lead
	}
	return headline, lead
}

// boardWord is how the words for staff call a setting of the board.
func boardWord(b settings.Board) string {
	if !b.On() {
		return "off"
	}
	return string(b)
}

func (p *phrases) ideaStates(chosen string) []option {
	options := []option{{"", p.say("ideas_all_states"), chosen == ""}}
	for _, status := range ideas.Statuses() {
		options = append(options, option{string(status), p.say("idea_" + string(status)), chosen == string(status)})
	}
	for _, state := range []string{listWaiting, listHidden, listMerged} {
		options = append(options, option{state, p.say("idea_place_" + state), chosen == state})
	}
	return options
}

func (p *phrases) ideaLine(i *ideas.Idea, names map[surveys.DepartmentID]string) ideaLine {
	line := ideaLine{ID: i.ID, Title: i.Title, Lang: i.Language, Status: p.say("idea_" + string(i.Status())), Mark: string(i.Status()), Supporters: p.supporters(i.Supporters),
		Facts: p.ideaFacts(i, names)}
	switch {
	case i.MergedInto != 0:
		line.Place = p.say("idea_place_merged")
	case i.Place != ideas.Shown:
		line.Place = p.say("idea_place_" + string(i.Place))
	}
	return line
}

func staffIdeaPath(id ideas.ID) string { return fmt.Sprintf("/ideas/%d", id) }

// ideaOf is the idea of the address, if this person may read it.
func (s *Server) ideaOf(c *fiber.Ctx) (ideas.Idea, error) {
	id, err := pathID(c, "idea")
	if err != nil {
		return ideas.Idea{}, err
	}
	idea, err := ideas.ByID(c.UserContext(), s.Store, ideas.ID(id))
	if err == nil && !mayReadIdea(current(c).User, &idea) {
		return ideas.Idea{}, notYours()
	}
	return idea, err
}

// keptIdea is the idea of the address, if this person may reply to it and decide where it stands.
func (s *Server) keptIdea(c *fiber.Ctx) (ideas.Idea, error) {
	idea, err := s.ideaOf(c)
	if err == nil && !mayKeepIdea(current(c).User, &idea) {
		return ideas.Idea{}, notYours()
	}
	return idea, err
}
