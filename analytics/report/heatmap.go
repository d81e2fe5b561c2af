package report

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"soundings/analytics"
	"soundings/analytics/disclosure"
	"soundings/surveys"
)

// step is a colour of the scale from closed to open, ColorBrewer's BrBG as on the pages: up from a mean.
type step struct {
	from       float64
	fill, text string
}

// brownToTeal lists the steps, the most open first; the middle one, 46 to 54, is neutral.
func brownToTeal() []step {
	return []step{{78, "01665E", "FFFFFF"}, {70, "35978F", "001B18"}, {62, "80CDC1", "00302A"}, {54, "C7EAE5", "003C30"}, {46, "F5F5F5", "33383E"},
		{38, "F6E8C3", "3D2503"}, {30, "DFC27D", "3D2503"}, {22, "BF812D", "1F1200"}, {-1, "8C510A", "FFFFFF"}}
}

// heatMap is the newest wave: departments by what was measured on a scale, with the mean in each cell.
func (b *Workbook) heatMap() error {
	res := b.g.last()
	doc := res.Wave.Questionnaire.Document
	columns := []column{{b.words.Say("heatmap_of", "Wave", res.Wave.Label), 28, plain}, {b.words.Say("n"), 8, whole}}
	var scored []analytics.Measured
	for _, m := range res.Measures {
		if m.Question == nil || m.Question.Scored() {
			scored = append(scored, m)
			head := b.measure(&m, doc)
			if recommends(m) {
				head += " (" + b.words.Say("recommend") + ")"
			}
			columns = append(columns, column{head, 16, precise})
		}
	}
	s, err := b.sheet(b.words.Say("heatmap"), columns)
	if err != nil {
		return err
	}
	for unit := -1; unit < len(res.Units); unit++ {
		row := []any{b.words.Say("by_organisation"), b.counted(res.TakenAll.Group)}
		if unit >= 0 {
			row = []any{res.Units[unit].Department.Name, b.counted(res.Taken[unit].Group)}
		}
		for _, m := range scored {
			told := m.Total
			if unit >= 0 {
				told = m.Units[unit]
			}
			tile := b.tile(told.Group)
			if told.Recommend != nil {
				tile = told.Recommend.Score
			}
			row = append(row, tile)
		}
		if err := s.add(row...); err != nil {
			return err
		}
	}
	for i, m := range scored {
		if err := b.coloured(s, 3+i, recommends(m)); err != nil {
			return err
		}
	}
	return s.end()
}

func (b *Workbook) counted(g analytics.Group) any {
	if g.Level == disclosure.Hidden {
		return cell{b.words.Say("shown_no"), withheld}
	}
	return g.N
}

// tile is a mean, or why there is none.
func (b *Workbook) tile(g analytics.Group) any {
	switch {
	case g.Level == disclosure.Hidden:
		return cell{b.words.Say("shown_no"), withheld}
	case g.Coarse != nil:
		return cell{b.words.Say("between", "Low", strconv.FormatFloat(g.Coarse.MeanLow, 'f', -1, 64), "High", strconv.FormatFloat(g.Coarse.MeanHigh, 'f', -1, 64)), withheld}
	case !g.Scored || g.N == 0:
		return nil
	}
	return g.Mean
}

func recommends(m analytics.Measured) bool {
	return m.Question != nil && m.Question.Kind == surveys.Recommend
}

// coloured colours the numbers of a column, and leaves texts as they are. A recommend score runs from -100 to 100.
func (b *Workbook) coloured(s *sheet, column int, score bool) error {
	letter, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return fmt.Errorf("report: heat map: %w", err)
	}
	var rules []excelize.ConditionalFormatOptions
	for _, step := range brownToTeal() {
		format, err := b.file.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: step.text},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{step.fill}}})
		if err != nil {
			return fmt.Errorf("report: heat map: %w", err)
		}
		from := step.from
		if score {
			from = 2*from - 100
		}
		rules = append(rules, excelize.ConditionalFormatOptions{Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s2),%s2>=%g)", letter, letter, from), Format: &format, StopIfTrue: true})
	}
	if err := b.file.SetConditionalFormat(s.name, fmt.Sprintf("%s2:%s%d", letter, letter, max(2, s.row)), rules); err != nil {
		return fmt.Errorf("report: heat map: %w", err)
	}
	return nil
}
