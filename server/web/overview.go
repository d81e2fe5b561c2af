package web

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
	"soundings/surveys/people"
	"soundings/surveys/waves"
)

// overviewPage is what somebody wants to know first: who moved, what runs, and what waits for them.
type overviewPage struct {
	frame
	Headline []part
	Detail   string
	Steps    []firstStep // to the first results, in an installation without any wave
	Waiting  []waitingLine
	Running  []runningLine
	Moved    []trendRow // departments that moved clearly, with what they did
	MovedToo []trendRow // further ones, folded away
	Drawn    bool       // there is a trend to draw
	Figure   figure
	Trend    string // address of the trend
	Rates    *ratesTable
}

// firstStep is one on the way to the first results. Href is empty where this person may not take it.
type firstStep struct {
	Text, Detail, Href string
	Done               bool
}

// runningLine is a wave that is open.
type runningLine struct {
	ID       surveys.WaveID
	Label    string
	Survey   surveyTitle
	Left     string
	Answered string
	Share    int // per cent, for the bar; the text says the same
	HasShare bool
}

// ratesTable is who answered the newest wave whose results are shown.
type ratesTable struct {
	Wave   string
	Rows   []rateRow
	More   int  // departments that are not listed
	Ranked bool // by how large a share answered, where that is known
	Warned []alikeRows
}

type rateRow struct {
	Department string
	Answered   string
	Percent    string
	Share      int
	HasShare   bool
	Warnings   []string
	Reason     string
}

// movedMost is how many departments that moved are in sight.
const movedMost = 9

// ratesMost bounds the list of an overview; the trend has all departments.
const ratesMost = 12

func (s *Server) showOverview(c *fiber.Ctx) error {
	b, err := s.waveBook(c, "overview_title")
	if err != nil {
		return err
	}
	b.frame.Here = "overview"
	page := overviewPage{frame: b.frame}
	list, err := waves.List(s.Store.Read(c.UserContext()), 0)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		if page.Steps, err = b.firstSteps(c); err != nil {
			return err
		}
	}
	if page.Waiting, err = b.waitingWeek(c); err != nil {
		return err
	}
	if page.Running, err = b.running(c, list, &page); err != nil {
		return err
	}
	waiting, err := b.waiting(c)
	if err != nil {
		return err
	}
	page.Waiting = append(page.Waiting, waiting...)
	if err := s.overviewTrend(c, &b.phrases, &page); err != nil {
		return err
	}
	return s.finish(c, "staff/overview", &b.phrases, page)
}

// overviewTrend says who moved in the trend that the page of trends begins with.
func (s *Server) overviewTrend(c *fiber.Ctx, p *phrases, page *overviewPage) error {
	view, err := s.trendView(c)
	if err != nil {
		return err
	}
	t := view.trend
	measure := p.trendMeasure(view)
	page.Headline, page.Detail = p.trendHeadline(view, measure), p.trendDetail(view, trendFilters{}, page.User.Limited)
	if len(page.Steps) > 0 {
		page.Headline, page.Detail = []part{{Text: p.say("overview_welcome")}}, p.say("overview_welcome_detail")
	}
	page.Trend = "/trend?" + view.query().Encode()
	page.Drawn = slices.ContainsFunc(t.Series, func(l analytics.Series) bool { return slices.ContainsFunc(l.Points, analytics.Group.Shown) })
	page.Figure = p.trendFigure(page.frame, view, measure)
	page.Figure.Table, page.Figure.Elsewhere = "", page.Trend+"#stands"
	for _, row := range p.trendTable(view).Rows {
		row.Verdicts = slices.DeleteFunc(row.Verdicts, func(v verdict) bool { return v.Class == "" })
		if len(row.Verdicts) > 0 {
			page.Moved = append(page.Moved, row)
		}
	}
	page.Moved, page.MovedToo = folded(page.Moved)
	if len(t.Waves) == 0 {
		return nil
	}
	page.Rates, err = s.rates(c, p, t.Waves[len(t.Waves)-1])
	return err
}

// folded divides those who moved into the ones in sight and the others. It never folds a single one away.
func folded(moved []trendRow) (first, others []trendRow) {
	if len(moved) <= movedMost {
		return moved, nil
	}
	return moved[:movedMost-1], moved[movedMost-1:]
}

// rates lists who answered a wave, the lowest rates first: those are what to do something about.
func (s *Server) rates(c *fiber.Ctx, p *phrases, w analytics.Wave) (*ratesTable, error) {
	res, err := s.Results.WaveResults(c.UserContext(), analytics.WaveQuery{Wave: w.ID, By: analytics.ByDepartment})
	if err != nil {
		return nil, err
	}
	res = res.Only(current(c).User.Sees)
	table := &ratesTable{Wave: w.Label}
	for i, unit := range res.Units {
		taken := res.Taken[i]
		row := rateRow{Department: unit.Department.Name, Warnings: p.warnings(taken), HasShare: taken.HasRate}
		switch {
		case !taken.Shown():
			row.Reason = p.hidden(taken.Reason)
		case taken.HasRate:
			row.Answered = p.say("trend_answered_of", "Answered", p.Number(taken.N), "People", p.Number(taken.Asked))
			row.Percent, row.Share, table.Ranked = p.Percent(taken.Rate), int(stats.Whole(100*taken.Rate)), true
		default:
			row.Answered = p.Number(taken.N)
		}
		table.Rows = append(table.Rows, row)
	}
	rank := func(r rateRow) int {
		switch {
		case r.HasShare:
			return r.Share
		case r.Reason == "":
			return 101
		}
		return 102
	}
	slices.SortStableFunc(table.Rows, func(a, b rateRow) int { return cmp.Compare(rank(a), rank(b)) })
	if len(table.Rows) > ratesMost {
		table.More = len(table.Rows) - ratesMost
		table.Rows = table.Rows[:ratesMost]
	}
	var warned alikes
	for _, row := range table.Rows {
		warned.say(row.Department, row.Warnings...)
	}
	table.Warned = warned.rows()
	return table, nil
}

// running tells how the open waves go, and puts those that close soon with too few answers among what waits.
func (b *waveBook) running(c *fiber.Ctx, list []surveys.Wave, page *overviewPage) (lines []runningLine, err error) {
	s := b.server
	open := slices.DeleteFunc(slices.Clone(list), func(w surveys.Wave) bool { return w.State != surveys.Open })
	all, err := waves.TermsOfAll(s.Store.Read(c.UserContext()), open)
	if err != nil {
		return nil, err
	}
	for _, w := range slices.Backward(open) {
		closes := all[w.ID].Closes
		t, err := s.Results.Attendance(c.UserContext(), w.ID)
		if err != nil {
			return nil, err
		}
		line := runningLine{ID: w.ID, Label: w.Label, Survey: b.titled(t.Wave.Questionnaire.Document), Left: b.left(closes)}
		lacking := b.attendance(t, &line)
		lines = append(lines, line)
		if soon := !closes.IsZero() && b.daysUntil(waves.LocalOf(closes, b.zone)) <= warnDays; soon && len(lacking) > 0 {
			page.Waiting = append(page.Waiting, waitingLine{b.say("overview_lacking", "Wave", w.Label, "Left", line.Left, "Names", b.shortList(lacking)),
				fmt.Sprintf("/waves/%d", w.ID)})
		}
	}
	return lines, nil
}

// attendance adds up the departments that this person sees: each is told in steps, so that their sum is too.
func (b *waveBook) attendance(t *analytics.Attendance, line *runningLine) (lacking []string) {
	answered, asked, known := 0, 0, true
	for _, d := range t.Departments {
		if !b.frame.User.Sees(d.Department.ID) {
			continue
		}
		answered, asked = answered+d.AtLeast, asked+d.People
		known = known && d.People > 0
		if d.Lacking(t.Minimum) && d.Department.ID != 0 {
			lacking = append(lacking, d.Department.Name)
		}
	}
	switch {
	case answered == 0:
		line.Answered = b.say("overview_few_answers")
	case known:
		line.Answered = b.say("wave_at_least_of", "Answered", b.Number(answered), "People", b.Number(asked))
		line.HasShare, line.Share = true, min(100, 100*answered/asked)
	default:
		line.Answered = b.say("wave_at_least", "Answered", b.Number(answered))
	}
	return lacking
}

// firstSteps leads from an empty installation to the first wave.
func (b *waveBook) firstSteps(c *fiber.Ctx) ([]firstStep, error) {
	departments, err := people.Departments(c.UserContext(), b.server.Store)
	if err != nil {
		return nil, err
	}
	known, err := b.server.Catalog.List(c.UserContext())
	if err != nil {
		return nil, err
	}
	may := func(permission, address string) string {
		if b.frame.May(permission) {
			return address
		}
		return ""
	}
	return []firstStep{
		{b.say("overview_step_people"), b.say("overview_step_people_detail"), may("manage people", "/people"), len(departments) > 0},
		{b.say("overview_step_survey"), b.say("overview_step_survey_detail"), may("edit surveys", "/library"), len(known) > 0},
		{b.say("overview_step_wave"), b.say("overview_step_wave_detail"), may("run waves", "/waves/new"), false},
	}, nil
}
