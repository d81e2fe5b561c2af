package web

import (
	"fmt"

	"github.com/gofiber/fiber/v2"
)

// departmentsPage is where each department stands, and the way to each.
type departmentsPage struct {
	frame
	Headline []part
	Detail   string
	Empty    bool // nothing has been measured yet
	Surveys  []surveyChoice
	Measures []choice
	Sort     string
	Sorts    []sortLink
	Find     string
	Column   string // the measure as the head of a column
	Table    trendTable
}

type sortLink struct {
	Text, Href string
	Current    bool
}

// showDepartments lists the departments of the trend: the same figures and verdicts, in the same orders.
func (s *Server) showDepartments(c *fiber.Ctx) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	page := departmentsPage{frame: s.frame(c, "departments_title", "departments"), Find: view.find, Sort: view.sort}
	p := &phrases{speech: page.speech}
	filters, err := s.trendFilters(c, p, view)
	if err != nil {
		return err
	}
	page.Surveys, page.Measures = filters.Surveys, filters.Constructs
	page.Empty = len(view.trend.Waves) == 0
	page.Headline, page.Detail = p.trendHeadline(view, p.trendMeasure(view)), p.trendDetail(view, trendFilters{}, page.User.Limited)
	page.Column, page.Table = p.trendColumn(view), p.trendTable(view)
	for _, by := range []string{byLevel, byMove, byUncertainty, byName} {
		q := view.query()
		q.Del("department")
		q.Set("sort", by)
		page.Sorts = append(page.Sorts, sortLink{p.say("trend_sort_" + by), "/departments?" + q.Encode(), by == view.sort})
	}
	if view.find != "" {
		page.Table.Clear = "/departments?survey=" + fmt.Sprint(view.ask.Survey)
	}
	return s.finish(c, "staff/departments", p, page)
}
