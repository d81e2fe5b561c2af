package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/comments"
)

// commentsView is which comments somebody looks at: what the address says, or a survey and a wave in its place.
type commentsView struct {
	survey   surveys.SurveyID
	wave     string // the id of one, or recentWaves
	filter   quotes.Filter
	page     int
	waves    []analytics.Wave // that can be chosen, the last first
	surveys  []analytics.Wave // the last such wave of each survey
	document *surveys.Document
}

const (
	commentsOnPage = 20
	recentWaves    = "recent" // the last ones together
	howManyRecent  = 4
	othersGroup    = "others" // the departments that are too small to be named
	longestSearch  = 200      // bytes
	keywordsShown  = 12       // of one department
	keywordsBrief  = 3        // of each of all
)

// commentsView reads an address. Without a survey or a wave in it, it takes those that closed last.
func (s *Server) commentsView(c *fiber.Ctx, q url.Values) (*commentsView, error) {
	all, err := s.Results.Waves(c.UserContext(), 0)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all)
	v := &commentsView{wave: q.Get("wave"), page: 1}
	if err := v.read(q); err != nil {
		return nil, err
	}
	asked, byID := v.survey, surveys.WaveID(0)
	if v.wave != "" && v.wave != recentWaves {
		id, err := numbered(q, "wave")
		if err != nil {
			return nil, err
		}
		byID = surveys.WaveID(id)
	}
	for _, w := range all {
		if w.State != surveys.Closed || !slices.ContainsFunc(w.Questionnaire.Document.Questions, takesText) {
			continue
		}
		if v.survey == 0 && (byID == 0 || w.ID == byID) {
			v.survey = w.Survey
		}
		if !slices.ContainsFunc(v.surveys, func(s analytics.Wave) bool { return s.Survey == w.Survey }) {
			v.surveys = append(v.surveys, w)
		}
	}
	for _, w := range all {
		if w.Survey == v.survey && w.State == surveys.Closed && slices.ContainsFunc(w.Questionnaire.Document.Questions, takesText) {
			v.waves = append(v.waves, w)
		}
	}
	switch {
	case len(v.waves) == 0 && (asked != 0 || byID != 0):
		return nil, badQuery("survey", "unknown", "must be a survey with a closed wave and a question that is answered in words")
	case len(v.waves) == 0:
		return v, nil
	case v.wave == "":
		v.wave = idText(int64(v.waves[0].ID))
	}
	chosen := v.chosen()
	if len(chosen) == 0 {
		return nil, badQuery("wave", "unknown", "must be a closed wave of the survey")
	}
	v.document = chosen[0].Questionnaire.Document
	return v, nil
}

func takesText(q surveys.Question) bool { return q.TakesText() }

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// numbered reads an id of an address, 0 if it has none.
func numbered(q url.Values, name string) (int64, error) {
	if q.Get(name) == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0, badQuery(name, "number", "must be a number")
	}
	return n, nil
}

func (v *commentsView) read(q url.Values) error {
	var ids [4]int64
	for i, name := range []string{"survey", "tag", "page", "department"} {
		if name == "department" && q.Get(name) == othersGroup {
			continue
		}
		n, err := numbered(q, name)
		if err != nil {
			return err
		}
		ids[i] = n
	}
	v.survey, v.filter.Tag, v.page = surveys.SurveyID(ids[0]), comments.TagID(ids[1]), int(max(ids[2], 1))
	switch {
	case q.Get("department") == othersGroup:
		v.filter.Group = &quotes.Group{Others: true}
	case q.Get("department") != "":
		v.filter.Group = &quotes.Group{Department: surveys.DepartmentID(ids[3])}
	}
	v.filter.Question = q.Get("question")
	v.filter.Search = strings.TrimSpace(strings.ToValidUTF8(q.Get("q")[:min(len(q.Get("q")), longestSearch)], ""))
	return nil
}

// chosen are the waves that are read together, the last first.
func (v *commentsView) chosen() []analytics.Wave {
	if v.wave == recentWaves {
		return v.waves[:min(howManyRecent, len(v.waves))]
	}
	for i, w := range v.waves {
		if idText(int64(w.ID)) == v.wave {
			return v.waves[i : i+1]
		}
	}
	return nil
}

// query is the address of this view; page 0 leaves the page out.
func (v *commentsView) query(page int) url.Values {
	q := url.Values{"survey": {idText(int64(v.survey))}, "wave": {v.wave}}
	if g := v.filter.Group; g != nil {
		q.Set("department", groupValue(*g))
	}
	if v.filter.Question != "" {
		q.Set("question", v.filter.Question)
	}
	if v.filter.Tag != 0 {
		q.Set("tag", idText(int64(v.filter.Tag)))
	}
	if v.filter.Search != "" {
		q.Set("q", v.filter.Search)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return q
}

func groupValue(g quotes.Group) string {
	if g.Others {
		return othersGroup
	}
	return idText(int64(g.Department))
}

// reading says what the signed-in person may read.
func reading(c *fiber.Ctx) quotes.Ask {
	user := current(c).User
	return quotes.Ask{Sees: user.Sees, All: !user.Limited}
}

// collect reads the comments of the view's waves.
func (s *Server) collect(c *fiber.Ctx, v *commentsView) (*quotes.Collection, error) {
	ask := reading(c)
	if g := v.filter.Group; g != nil && (g.Others && !ask.All || !g.Others && !ask.Sees(g.Department)) {
		return nil, notYours()
	}
	ask.Survey = v.survey
	for _, w := range v.chosen() {
		ask.Waves = append(ask.Waves, w.ID)
	}
	return s.Quotes.Read(c.UserContext(), ask)
}

func (s *Server) showComments(c *fiber.Ctx) error {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return badQuery("q", "unreadable", "cannot be read")
	}
	return s.commentsPage(c, q, refusedTag{})
}

// refusedTag is a tag that could not be put on a comment, as it was typed.
type refusedTag struct {
	comment surveys.ID
	typed   string
	fault   string
}

func (s *Server) commentsPage(c *fiber.Ctx, q url.Values, refused refusedTag) error {
	v, err := s.commentsView(c, q)
	if err != nil {
		return err
	}
	page := commentsPage{frame: s.frame(c, "comments_title", "comments"), Search: v.filter.Search}
	b := &commentBook{phrases: phrases{speech: page.speech}, view: v, refused: refused}
	if len(v.waves) == 0 {
		page.Headline = b.say("comments_none_yet")
		page.State = "none"
		return s.finish(c, "staff/comments", &b.phrases, page)
	}
	if b.collection, err = s.collect(c, v); err != nil {
		return err
	}
	if b.departments, err = s.departmentNames(c.UserContext()); err != nil {
		return err
	}
	if b.tags, err = comments.Tags(s.Store.Read(c.UserContext())); err != nil {
		return err
	}
	b.fill(&page)
	return s.finish(c, "staff/comments", &b.phrases, page)
}
