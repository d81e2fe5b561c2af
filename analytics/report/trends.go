package report

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"soundings/analytics"
)

// chartRows are left free for the chart above its figures.
const chartRows = 24

// trends is a sheet for each construct: a chart, the means it is drawn from, and each of them with its interval and number.
func (b *Workbook) trends() error {
	for _, t := range b.g.Trends {
		if err := b.trend(t); err != nil {
			return err
		}
	}
	return nil
}

func (b *Workbook) trend(t *analytics.Trend) error {
	columns := []column{{"", 26, plain}, {"", 14, dated}, {"", 16, precise}}
	for range t.Series {
		columns = append(columns, column{"", 16, precise})
	}
	name := b.words.Say("trend")
	if len(b.g.Trends) > 1 {
		name = b.named(t)
	}
	s, err := b.sheet(name, columns)
	if err != nil {
		return err
	}
	s.row = chartRows
	head := []any{cell{b.words.Say("wave"), heading}, cell{b.words.Say("closed"), heading}, cell{b.words.Say("by_organisation"), heading}}
	for _, line := range t.Series {
		head = append(head, cell{line.Department.Name, heading})
	}
	if err := s.add(head...); err != nil {
		return err
	}
	first := s.row + 1
	if err := b.means(s, t); err != nil {
		return err
	}
	if err := b.chart(s, t, first, s.row); err != nil {
		return err
	}
	if err := b.points(s, t); err != nil {
		return err
	}
	return s.end()
}

// named is what the newest wave of a trend calls its construct.
func (b *Workbook) named(t *analytics.Trend) string {
	return b.words.called(t.Waves[len(t.Waves)-1].Questionnaire.Document, t.Construct)
}

// means are what the chart is drawn from: a row for each wave. Where the questions changed an empty row breaks the lines;
// what may not be told is empty.
func (b *Workbook) means(s *sheet, t *analytics.Trend) error {
	for i, w := range t.Waves {
		if i > 0 && !t.Comparable(i-1, i) {
			if err := s.add(cell{b.words.Say("trend_break"), withheld}); err != nil {
				return err
			}
		}
		row := []any{w.Label, dayOf(w.Closed, b.words.Zone), meanOf(t.Total[i])}
		for _, line := range t.Series {
			row = append(row, meanOf(line.Points[i]))
		}
		if err := s.add(row...); err != nil {
			return err
		}
	}
	return nil
}

func meanOf(g analytics.Group) any {
	return whenTold(g.Shown() && g.Scored && g.N > 0, g.Mean)
}

// points lists every point with its interval and number, or why there is none.
func (b *Workbook) points(s *sheet, t *analytics.Trend) error {
	if err := s.add(); err != nil {
		return err
	}
	var head []any
	for _, key := range []string{"wave", "closed", "group", "n", "mean", "low", "high", "reason"} {
		head = append(head, cell{b.words.Say(key), heading})
	}
	if err := s.add(head...); err != nil {
		return err
	}
	put := func(i int, group string, g analytics.Group) error {
		w := t.Waves[i]
		row := []any{w.Label, dayOf(w.Closed, b.words.Zone), cell{group, plain}, nil, nil, nil, nil, nil}
		switch {
		case g.Shown() && g.Scored && g.N > 0:
			row[3], row[4], row[5], row[6] = cell{g.N, whole}, cell{g.Mean, precise}, cell{whenTold(g.HasInterval, g.Low), precise}, cell{whenTold(g.HasInterval, g.High), precise}
		case g.Coarse != nil:
			row[3], row[4] = cell{g.N, whole}, b.tile(g)
		default:
			row[7] = cell{b.words.Hidden(g.Reason), plain}
		}
		return s.add(row...)
	}
	for i := range t.Waves {
		if err := put(i, b.words.Say("by_organisation"), t.Total[i]); err != nil {
			return err
		}
		for _, line := range t.Series {
			if err := put(i, line.Department.Name, line.Points[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// okabeIto are the colours of the first departments; the others are grey.
func okabeIto() []string {
	return []string{"0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "7A5195", "8C6D1F"}
}

// chart draws the means of the rows from first to last as a chart of the spreadsheet's own.
func (b *Workbook) chart(s *sheet, t *analytics.Trend, first, last int) error {
	quoted := "'" + strings.ReplaceAll(s.name, "'", "''") + "'!"
	at := func(column, row int) string {
		name, _ := excelize.ColumnNumberToName(column) // there are never more departments than columns
		return fmt.Sprintf("$%s$%d", name, row)
	}
	var series []excelize.ChartSeries
	for i := range len(t.Series) + 1 {
		colour, width := "5B6470", 3.0 // the organisation
		if i > 0 {
			colour, width = "B5BAC1", 1.5
			if i <= len(okabeIto()) {
				colour = okabeIto()[i-1]
			}
		}
		solid := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
		series = append(series, excelize.ChartSeries{
			Name:       quoted + at(3+i, chartRows+1),
			Categories: quoted + at(1, first) + ":" + at(1, last),
			Values:     quoted + at(3+i, first) + ":" + at(3+i, last),
			Line:       excelize.LineOptions{Width: width, Fill: solid},
			Marker:     excelize.ChartMarker{Symbol: "circle", Size: 5, Fill: solid},
		})
	}
	low, high := 0.0, 100.0
	err := b.file.AddChart(s.name, "A1", &excelize.Chart{
		Type: excelize.Line, Series: series, ShowBlanksAs: "gap",
		Title:     excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: clean(b.words.Say("chart", "Measure", b.named(t)))}}},
		Legend:    excelize.ChartLegend{Position: "right"},
		Dimension: excelize.ChartDimension{Width: 900, Height: 440},
		YAxis:     excelize.ChartAxis{Minimum: &low, Maximum: &high, MajorGridLines: true},
	})
	if err != nil {
		return fmt.Errorf("report: chart: %w", err)
	}
	return nil
}
