package web

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/champions"
	"soundings/surveys/changes"
	"soundings/surveys/settings"
)

// ownPage is a champion's own page: what is coming, reporting back, topics, and the way out. Of a volunteer it asks whether
// they agree.
type ownPage struct {
	respondentFrame
	Heading   string
	Lead      string
	Notice    string
	Confirm   bool
	Facts     []changeFact // to be confirmed
	Consent   string
	Changes   []earlyChange
	About     []option // what a report can be about
	Text      string   // of the report, as typed
	TextFault string
	Topics    volunteerField
	Leave     string // address of the page that asks before withdrawing
	Most      int
}

// earlyChange is a change as the champions concerned may read it, public or not.
type earlyChange struct {
	Title, Lang, Dir string
	Stands           string
	Early            bool // not public yet
	Why, What        template.HTML
	StillOpen        template.HTML
	Owner            string // an e-mail address; "" where there is none
}

// championOf is whom the address belongs to, and the address. Guesses are slowed, and find nothing.
func (s *Server) championOf(c *fiber.Ctx) (champions.Champion, string, error) {
	token := utils.CopyString(c.Params("token"))
	var found champions.Champion
	err := s.Accounts.Seek(c.UserContext(), "champion", s.address(c), func() (err error) {
		found, err = champions.ByToken(c.UserContext(), s.Store, token)
		return err
	})
	if err != nil && surveys.KindOf(err) == surveys.NotFound {
		return found, "", s.refuseChampion(c, s.words.all.choose(wishOf(c, nil)), err, "champion_unknown_title", "champion_unknown")
	}
	return found, "/champion/" + token, err
}

// speaksTo picks the language asked for by name, else the champion's own.
func (s *Server) speaksTo(c *fiber.Ctx, champion *champions.Champion, form surveys.Form) string {
	w := wishOf(c, form)
	w.accept = champion.Language + "," + w.accept
	return s.words.all.choose(w)
}

// showOwn is GET /champion/:token. It changes nothing: programs that check the links of a mail open it too.
func (s *Server) showOwn(c *fiber.Ctx) error {
	neverKept(c)
	champion, address, err := s.championOf(c)
	if err != nil {
		return err
	}
	page, err := s.ownPage(c, &champion, address, s.speaksTo(c, &champion, nil))
	if err != nil {
		return err
	}
	notices := map[string]string{"report": "champion_reported", "topics": "champion_topics_saved", "confirm": "champion_confirmed"}
	if key := notices[c.Query("done")]; key != "" && !page.Confirm {
		if page.Notice, err = page.T(key); err != nil {
			return err
		}
	}
	return s.page(c, "answer/champion", page)
}

// postOwn is POST /champion/:token: agreeing, reporting back, topics.
func (s *Server) postOwn(c *fiber.Ctx) error {
	neverKept(c)
	form, err := readForm(c)
	if err != nil {
		return err
	}
	champion, address, err := s.championOf(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	deed, about := form.First("action"), changes.ID(0)
	topics := champions.ParseTopics(tidy(form.First("topics")))
	switch {
	case deed == "confirm":
		_, err = champions.Confirm(c.UserContext(), s.Store, champion.ID, today)
	case champion.Waiting():
		return fiber.NewError(http.StatusBadRequest)
	case deed == "topics":
		_, err = champions.SetTopics(c.UserContext(), s.Store, champion.ID, topics)
	case deed == "report":
		if about, err = s.reportable(c, &champion, form.First("change")); err == nil {
			err = champions.Tells(c.UserContext(), s.Store, champion.ID, about, tidy(form.First("text")), today)
		}
	default:
		return fiber.NewError(http.StatusBadRequest)
	}
	lang := s.speaksTo(c, &champion, form)
	if err == nil {
		return seeOther(c, address+"?done="+deed+"&lang="+lang)
	}
	return s.refuseOwn(c, &champion, address, lang, form, err)
}

// refuseOwn shows the page again with what was typed and what is wrong with it.
func (s *Server) refuseOwn(c *fiber.Ctx, champion *champions.Champion, address, lang string, form surveys.Form, cause error) error {
	var known *surveys.Error
	if !errors.As(cause, &known) || len(known.Faults) == 0 {
		return cause
	}
	page, err := s.ownPage(c, champion, address, lang)
	if err != nil {
		return err
	}
	p := phrases{speech: page.speech}
	faults := p.championFaults(known)
	page.Text, page.TextFault = tidy(form.First("text")), faults["text"]
	for i := range page.About {
		page.About[i].Selected = page.About[i].Value == form.First("change")
	}
	if fault := faults["topics"]; fault != "" {
		page.Topics.Value, page.Topics.Fault = tidy(form.First("topics")), fault
	}
	page.Title = p.say("fault_page", "Title", page.Heading)
	return errors.Join(p.err, refuse(c, cause, "answer/champion", page))
}

// reportable is the change that a report is about; one that this champion does not see is none.
func (s *Server) reportable(c *fiber.Ctx, champion *champions.Champion, typed string) (changes.ID, error) {
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return 0, nil // about no particular one
	}
	list, err := s.comingFor(c, champion)
	if err == nil && slices.ContainsFunc(list, func(change changes.Change) bool { return change.ID == changes.ID(id) }) {
		return changes.ID(id), nil
	}
	return 0, err
}

// comingFor lists what is coming for a champion's department.
func (s *Server) comingFor(c *fiber.Ctx, champion *champions.Champion) ([]changes.Change, error) {
	list, err := changes.List(c.UserContext(), s.Store)
	return slices.DeleteFunc(list, func(change changes.Change) bool {
		return !change.Concerns(champion.Department) || !champions.Early(change.Now().Stage)
	}), err
}

func (s *Server) ownPage(c *fiber.Ctx, champion *champions.Champion, address, lang string) (*ownPage, error) {
	p := &phrases{speech: s.words.in(lang)}
	names, err := s.departmentNames(c.UserContext())
	if err != nil {
		return nil, err
	}
	page := &ownPage{Confirm: champion.Waiting(), Leave: address + "/withdraw?lang=" + lang, Most: champions.LongestReport}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Current: nameOf(lang), Switch: switchTo(s.words.names, lang)}
	page.Topics = volunteerField{p.speech, "topics", p.say("champion_topics"), p.say("champion_topics_hint"), strings.Join(champion.Topics, ", "), "", "text", "off"}
	if page.Confirm {
		page.Heading, page.Lead, page.Consent = p.say("champion_confirm_title"), p.say("champion_confirm_text"), champion.Consent.Wording
		page.Facts = []changeFact{{p.say("champion_name"), champion.Name}, {p.say("champion_email"), champion.Email}, {p.say("department"), names[champion.Department]}}
		if len(champion.Topics) > 0 {
			page.Facts = append(page.Facts, changeFact{p.say("champion_topics"), page.Topics.Value})
		}
		page.Title = page.Heading
		return page, p.err
	}
	page.Heading = p.say("champion_hello", "Name", champion.Name)
	page.Title = page.Heading
	page.Lead = p.say("champion_since", "Department", names[champion.Department], "Date", p.date(champion.Since.Time()))
	list, err := s.comingFor(c, champion)
	if err != nil {
		return nil, err
	}
	for i := range list {
		early := p.earlyChange(&list[i], lang)
		page.Changes = append(page.Changes, early)
		page.About = append(page.About, option{Value: idText(int64(list[i].ID)), Text: early.Title})
	}
	return page, p.err
}

func (p *phrases) earlyChange(change *changes.Change, lang string) earlyChange {
	text, written := change.In(lang)
	now, words := change.Now(), writingOf(written)
	e := earlyChange{Title: text.Title, Lang: words.Tag, Dir: words.Dir, Early: !change.Public, Why: p.markdown(text.Why), What: p.markdown(text.What),
		StillOpen: p.markdown(text.StillOpen), Stands: p.say("about_stands", "Stage", p.say("about_"+wordKey(string(now.Stage))), "Date", p.date(now.On.Time()))}
	if settings.IsAddress(change.Owner) {
		e.Owner = change.Owner
	}
	return e
}

// leavePage asks whether somebody no longer wants to be a champion.
type leavePage struct {
	respondentFrame
	Heading, Text, Yes, Back string
}

// showLeave is GET /champion/:token/withdraw. It withdraws nobody.
func (s *Server) showLeave(c *fiber.Ctx) error {
	neverKept(c)
	champion, address, err := s.championOf(c)
	if err != nil {
		return err
	}
	lang := s.speaksTo(c, &champion, nil)
	p := phrases{speech: s.words.in(lang)}
	page := &leavePage{Heading: p.say("champion_withdraw"), Text: p.say("champion_withdraw_text"), Yes: p.say("champion_withdraw_yes"), Back: address + "?lang=" + lang}
	page.respondentFrame = respondentFrame{speech: p.speech, Organisation: s.house().Name, Title: page.Heading, Current: nameOf(lang), Switch: switchTo(s.words.names, lang)}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "answer/champion_leave", page)
}

// postLeave is POST /champion/:token/withdraw, from the page's own button or from a mail program (RFC 8058): whatever the
// body, without cookies, and answered at once, because mail programs follow no redirect.
func (s *Server) postLeave(c *fiber.Ctx) error {
	neverKept(c)
	champion, _, err := s.championOf(c)
	if err != nil {
		return err
	}
	today, err := s.today(c.UserContext())
	if err != nil {
		return err
	}
	lang := s.speaksTo(c, &champion, nil)
	if err := champions.Withdraw(c.UserContext(), s.Store, champion.ID, today); err != nil {
		return err
	}
	return s.championNote(c, lang, "champion_withdrawn_title", "champion_withdrawn")
}
