package web

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/changes"
)

// aboutPage is what those concerned may read about a change, without signing in.
type aboutPage struct {
	respondentFrame
	Heading   string
	Stands    string // its stage, and since when
	GoLive    string // when it is to come, if that is known
	Why, What template.HTML
	StillOpen template.HTML // "" where nothing is
	Decided   []decidedView
	Credit    string // who suggested it; "" where IT did
	Board     string // address of the board of ideas; "" where there is none
}

// aboutAddress is the public page of a change; "" where it has none.
func aboutAddress(c *changes.Change, lang string) string {
	if !c.Public {
		return ""
	}
	return "/about/" + c.Name + "?lang=" + lang
}

// showAbout is GET /about/:name. A change that is not public is answered as one that is not there.
func (s *Server) showAbout(c *fiber.Ctx) error {
	change, err := changes.ByName(c.UserContext(), s.Store, c.Params("name"))
	if err == nil && !change.Public {
		err = &surveys.Error{Kind: surveys.NotFound, Op: "web: about", Message: "there is no change of this name"}
	}
	if err != nil {
		return err
	}
	names := change.Languages()
	lang := newLanguages(names).choose(wishOf(c, nil))
	text, _ := change.In(lang)
	p := &phrases{speech: s.words.in(lang)}
	s.boards.load(c.UserContext()) // for the way to what became of what was said
	page := aboutPage{Heading: text.Title, Why: p.markdown(text.Why), What: p.markdown(text.What)}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: text.Title, Current: nameOf(lang), Switch: switchTo(names, lang)}
	now := change.Now()
	page.Stands = p.say("about_stands", "Stage", p.say("about_"+wordKey(string(now.Stage))), "Date", p.date(now.On.Time()))
	if today, err := s.today(c.UserContext()); err != nil {
		return err
	} else if change.GoLive >= today && !now.Stage.Live() && !now.Stage.Ended() {
		page.GoLive = p.say("about_golive", "Date", p.date(change.GoLive.Time()))
	}
	if text.StillOpen != "" && !now.Stage.Live() && !now.Stage.Ended() {
		page.StillOpen = p.markdown(text.StillOpen)
	}
	if page.Credit, err = s.credited(c.UserContext(), p, change.ID); err != nil {
		return err
	}
	if page.Decided, err = s.decided(c.UserContext(), p, &change); err != nil {
		return err
	}
	page.Board = s.boardAddress(p.Spoken)
	return s.finish(c, "answer/about", p, page)
}
