package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/analytics"
	"soundings/surveys"
	"soundings/surveys/waves"
)

// posterPage is the printable posters of a wave, a sheet for each link, in one of the survey's languages. What stands
// around them is for staff and is not printed.
type posterPage struct {
	*speech
	Staff        posterBar
	Organisation string
	Logo         *mark // stands in place of the name
	Wave         surveys.Wave
	Title        string
	Intro        []string // paragraphs
	Minutes      int
	Privacy      privacyNote
	Scan         string
	Type         string
	Switch       []languageLink
	Sheets       []sheet
}

// posterBar stands above the posters on the screen, in the words for staff.
type posterBar struct {
	*speech
	Back, Print, ByHand, Languages string
}

// sheet is one poster.
type sheet struct {
	Place   string // whom it is for
	Code    string // address of the picture
	Address string // as one types it: without https://
}

// showPosters is GET /waves/:wave/posters, with ?link= for one department's alone.
func (s *Server) showPosters(c *fiber.Ctx) error {
	b, w, err := s.wave(c)
	if err != nil {
		return err
	}
	links, err := b.links(c, w)
	if err != nil {
		return err
	}
	if only := c.QueryInt("link", -1); only >= 0 {
		links = slices.DeleteFunc(links, func(l linkLine) bool { return l.Number != surveys.DepartmentID(only) })
	}
	if len(links) == 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web: posters", Message: "The wave has no such link."}
	}
	doc := w.Questionnaire.Document
	lang := exactly(doc.Languages(), utils.CopyString(c.Query("lang")), doc.Language)
	offered, err := waves.OfferedIn(s.Store.Read(c.UserContext()), w.ID)
	if err != nil {
		return err
	}
	page, err := s.posters(w, lang, links, offered)
	if err != nil {
		return err
	}
	if page.Switch = switchTo(doc.Languages(), lang); c.Query("link") != "" {
		for i := range page.Switch {
			page.Switch[i].Href += "&link=" + fmt.Sprint(c.QueryInt("link"))
		}
	}
	page.Staff = posterBar{b.speech, b.say("poster_back"), b.say("poster_print"), b.say("poster_by_hand"), b.say("poster_languages")}
	return s.finish(c, "poster/posters", &b.phrases, page)
}

func (s *Server) posters(w analytics.Wave, lang string, links []linkLine, offered waves.Offered) (*posterPage, error) {
	doc := w.Questionnaire.Document
	b := newFormBuilder(s.words.in(lang), doc, nil, nil)
	h := s.house()
	page := &posterPage{speech: b.speech, Organisation: h.Name, Logo: h.Print, Wave: w.Wave, Title: b.texts.title(), Minutes: doc.Minutes(),
		Intro: strings.Split(strings.TrimSpace(b.texts.intro()), "\n"), Scan: b.say("poster_scan"), Type: b.say("poster_type")}
	page.Privacy = b.privacy(len(offered.Departments) > 0, len(offered.Bands) > 0)
	for _, l := range links {
		one := sheet{Code: fmt.Sprintf("/waves/%d/links/%d/qr.svg", w.ID, l.Number)}
		_, one.Address, _ = strings.Cut(l.Address, "://")
		if l.Number != 0 {
			one.Place = b.say("department_is", "Department", l.Name)
		}
		page.Sheets = append(page.Sheets, one)
	}
	return page, b.err
}

// showQR is the picture of one link, named by its department's number: the code itself would stand in logs.
func (s *Server) showQR(c *fiber.Ctx) error {
	_, w, err := s.wave(c)
	if err != nil {
		return err
	}
	n, err := idOf[surveys.DepartmentID](c, "link")
	if err != nil {
		return err
	}
	links, err := waves.LinksOf(s.Store.Read(c.UserContext()), w.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(links, func(l waves.Link) bool { return l.Department == n })
	if at < 0 {
		return &surveys.Error{Kind: surveys.NotFound, Op: "web: qr", Message: "The wave has no such link."}
	}
	code, err := newQR(s.BaseURL + "/s/" + links[at].Code)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/svg+xml")
	return c.SendString(code.picture())
}

// picture is the code as a file: black on white in any theme, because a camera must read it.
func (q qrCode) picture() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, q.Size, q.Path)
}
