package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/ideas"
	"soundings/surveys/people"
	"soundings/surveys/settings"
)

// The board of ideas: what anybody in the organisation may read, suggest and support without an account.

// boardPage is the board.
type boardPage struct {
	respondentFrame
	Notice      string // about the idea that has just been sent
	Departments []option
	Search      string
	Filtered    bool
	Open        []ideaCard // not settled
	Settled     []ideaCard
	More        string // address of the next page
}

// ideaCard is an idea as one of many.
type ideaCard struct {
	Href, Title, Lang string
	Status, Mark      string // in words, and for its colour
	Facts             []string
	Supporters        string
	Reply             string
}

const (
	ideasOnPage    = 50
	mostBoardPages = 10_000
	longestQuery   = 200 // bytes of a search
)

func ideaPath(id ideas.ID) string { return "/board/ideas/" + idText(int64(id)) }

// boardAddress is where other pages for respondents lead to the board; "" where there is none. The language is all it says.
func (s *Server) boardAddress(lang string) string {
	if !s.house().Board.On() {
		return ""
	}
	return "/board?lang=" + lang
}

// onBoard begins every page of the board: where there is no board, or no such idea, it says so rather than that a survey is
// missing.
func (s *Server) onBoard(c *fiber.Ctx, form surveys.Form) (*phrases, error) {
	p := &phrases{speech: s.words.in(s.words.all.choose(wishOf(c, form)))}
	if s.house().Board.On() {
		return p, nil
	}
	cause := &surveys.Error{Kind: surveys.NotFound, Op: "web: board", Message: "There is no board of ideas here."}
	return p, s.refuseBoard(c, p, cause, p.say("board_off_title"), p.say("board_off"))
}

// refuseBoard explains why a page of the board cannot be had.
func (s *Server) refuseBoard(c *fiber.Ctx, p *phrases, cause error, heading string, lines ...string) error {
	page := &failurePage{respondentFrame: s.boardFrame(p, heading, nil), Heading: heading, Lines: lines}
	return refuse(c, errors.Join(cause, p.err), "answer/failure", page)
}

// boardFrame is around every page of the board; the switch of languages keeps what the address asks for. A nil address has
// no switch: the page was posted.
func (s *Server) boardFrame(p *phrases, title string, address url.Values) respondentFrame {
	f := respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: title, Current: nameOf(p.Lang)}
	if address == nil {
		return f
	}
	f.Switch = switchTo(s.words.all.names, p.Lang)
	for i, link := range f.Switch {
		address.Set("lang", link.Lang)
		f.Switch[i].Href = "?" + address.Encode()
	}
	return f
}

// showBoard is GET /board.
func (s *Server) showBoard(c *fiber.Ctx) error {
	p, err := s.onBoard(c, nil)
	if err != nil {
		return err
	}
	list, err := ideas.List(c.UserContext(), s.Store)
	if err != nil {
		return err
	}
	departments, names, err := s.boardDepartments(c.UserContext())
	if err != nil {
		return err
	}
	raw := utils.CopyString(c.Query("q"))
	search := strings.TrimSpace(strings.ToValidUTF8(raw[:min(len(raw), longestQuery)], ""))
	department, number := surveys.DepartmentID(c.QueryInt("department")), min(max(c.QueryInt("page"), 1), mostBoardPages)
	list = slices.DeleteFunc(list, func(i ideas.Idea) bool {
		return !i.Public() || department > 0 && i.Department != department || !i.Matches(search)
	})
	ideas.Sort(list)
	address := url.Values{}
	if department > 0 {
		address.Set("department", idText(int64(department)))
	}
	if search != "" {
		address.Set("q", search)
	}
	page := boardPage{Search: search, Filtered: len(address) > 0}
	if from := number * ideasOnPage; from < len(list) {
		address.Set("page", strconv.Itoa(number+1))
		address.Set("lang", p.Lang)
		page.More = "/board?" + address.Encode()
		address.Set("page", strconv.Itoa(number))
	}
	page.respondentFrame = s.boardFrame(p, p.say("board_title"), address)
	list = list[min((number-1)*ideasOnPage, len(list)):min(number*ideasOnPage, len(list))]
	for i := range list {
		if card := p.ideaCard(&list[i], names); list[i].Status().Settled() {
			page.Settled = append(page.Settled, card)
		} else {
			page.Open = append(page.Open, card)
		}
	}
	for _, d := range departments {
		page.Departments = append(page.Departments, option{idText(int64(d.ID)), d.Name, d.ID == department})
	}
	if c.Query("sent") != "" {
		page.Notice = p.say("board_sent")
		if s.house().Board == settings.BoardReviewed {
			page.Notice += " " + p.say("board_sent_waits")
		}
	}
	return s.finish(c, "answer/board", p, page)
}

// boardDepartments are those that an idea can come from, and the names of all.
func (s *Server) boardDepartments(ctx context.Context) ([]ideas.Offer, map[surveys.DepartmentID]string, error) {
	all, err := people.Departments(ctx, s.Store)
	return ideas.Offers(all), namesOf(all), err
}

func (p *phrases) ideaCard(i *ideas.Idea, names map[surveys.DepartmentID]string) ideaCard {
	card := ideaCard{Href: ideaPath(i.ID) + "?lang=" + p.Lang, Title: i.Title, Lang: i.Language, Mark: string(i.Status()),
		Status: p.say("idea_" + string(i.Status())), Facts: p.ideaFacts(i, names), Supporters: p.supporters(i.Supporters)}
	for _, r := range slices.Backward(i.Replies) {
		if card.Reply = r.Text; r.Text != "" {
			break
		}
	}
	return card
}

// ideaFacts say where an idea comes from, who has signed it, and since when it is there.
func (p *phrases) ideaFacts(i *ideas.Idea, names map[surveys.DepartmentID]string) []string {
	var facts []string
	if i.Department != 0 {
		facts = append(facts, p.say("board_from", "Department", names[i.Department]))
	}
	if i.Signed != "" {
		facts = append(facts, i.Signed)
	}
	return append(facts, p.date(i.On.Time()))
}

func (p *phrases) supporters(n int) string {
	if n == 0 {
		return p.say("board_no_supporters")
	}
	return p.count("board_supporters", n)
}

// ideaPage is one idea of the board.
type ideaPage struct {
	respondentFrame
	Back       string
	Idea       *ideas.Idea
	Writing    writing // of the idea
	Status     string
	Facts      []string
	Supporters string
	Supports   bool // this browser does
	Replies    []ideaReply
	Change     *ideaChange
}

// ideaReply is a reply of IT.
type ideaReply struct{ Status, Mark, Date, Text string }

// ideaChange is what an idea became.
type ideaChange struct{ Title, Lang, Href string }

// showBoardIdea is GET /board/ideas/:idea. One that was merged leads to the one it is part of.
func (s *Server) showBoardIdea(c *fiber.Ctx) error {
	neverKept(c) // it says whether this browser supports the idea
	p, err := s.onBoard(c, nil)
	if err != nil {
		return err
	}
	idea, err := s.boardIdea(c, p)
	if err != nil {
		return err
	}
	if idea.MergedInto != 0 {
		return seeOther(c, ideaPath(idea.MergedInto)+"?lang="+p.Lang)
	}
	page := ideaPage{respondentFrame: s.boardFrame(p, idea.Title, url.Values{}), Back: "/board?lang=" + p.Lang, Idea: &idea, Writing: writingOf(idea.Language),
		Status: p.say("idea_" + string(idea.Status())), Supporters: p.supporters(idea.Supporters)}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return err
	}
	page.Facts = p.ideaFacts(&idea, names)
	for _, r := range slices.Backward(idea.Replies) {
		page.Replies = append(page.Replies, ideaReply{p.say("idea_" + string(r.Status)), string(r.Status), p.date(r.On.Time()), r.Text})
	}
	if page.Change, err = s.ideaChange(c.UserContext(), idea.Change, p.Lang); err != nil {
		return err
	}
	if b, ok := s.browserOf(c); ok {
		if page.Supports, err = ideas.Supports(c.UserContext(), s.Store, s.Secret, b, idea.ID); err != nil {
			return err
		}
	}
	return s.finish(c, "answer/idea", p, page)
}

// boardIdea is the idea of the address, if the board shows it or the one that it is part of.
func (s *Server) boardIdea(c *fiber.Ctx, p *phrases) (ideas.Idea, error) {
	id, err := pathID(c, "idea")
	idea := ideas.Idea{}
	if err == nil {
		idea, err = ideas.ByID(c.UserContext(), s.Store, ideas.ID(id))
	}
	if err == nil && (idea.Place != ideas.Shown && idea.MergedInto == 0) {
		err = &surveys.Error{Kind: surveys.NotFound, Op: "web: board", Message: "There is no such idea on the board."}
	}
	if surveys.KindOf(err) == surveys.NotFound {
		return idea, s.refuseBoard(c, p, err, p.say("board_gone_title"), p.say("board_gone"))
	}
	return idea, err
}

// postSupport is POST /board/ideas/:idea/support: support=yes, or support=no to take it back.
func (s *Server) postSupport(c *fiber.Ctx) error {
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
	idea, err := s.boardIdea(c, p)
	if err != nil {
		return err
	}
	if err := s.supporting.take(s.address(c), s.Now()); err != nil {
		page := &failurePage{respondentFrame: s.boardFrame(p, p.say("board_slow_title"), nil), Heading: p.say("board_slow_title"), Lines: []string{p.say("board_slow")},
			Resend: []typedField{{"support", form.First("support")}, {"lang", p.Lang}}}
		return refuse(c, errors.Join(err, p.err), "answer/failure", page)
	}
	b, known := s.browserOf(c)
	change := ideas.TakeBack
	if form.First("support") != "no" {
		change = ideas.Support
		if !known {
			b = ideas.NewBrowser()
			s.markBrowser(c, b)
		}
	}
	if err := change(c.UserContext(), s.Store, s.Secret, b, idea.ID); err != nil {
		return err
	}
	return c.Redirect(ideaPath(idea.ID)+"?lang="+p.Lang, http.StatusSeeOther)
}

const (
	// boardCookie is the mark of a browser that has supported an idea. Only the board gets it: it never travels with an answer.
	boardCookie = "soundings_board"
	boardYear   = 365 * 24 * 3600 // seconds
)

func (s *Server) browserOf(c *fiber.Ctx) (ideas.Browser, bool) {
	return ideas.ReadBrowser(s.Secret, utils.CopyString(c.Cookies(boardCookie)))
}

func (s *Server) markBrowser(c *fiber.Ctx, b ideas.Browser) {
	c.Cookie(&fiber.Cookie{Name: boardCookie, Value: b.Signed(s.Secret), Path: "/board", MaxAge: boardYear, Secure: s.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode})
}
