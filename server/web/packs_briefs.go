package web

import (
	"context"
	"fmt"
	"slices"

	"soundings/analytics"
	"soundings/analytics/brief"
	"soundings/analytics/report"
	"soundings/surveys"
	"soundings/surveys/ideas"
)

// nameIdeas gives the ideas in the briefs of a pack their titles, as the board shows them now; what was taken off the board
// since, or merged, stands in no pack either.
func (s *Server) nameIdeas(ctx context.Context, pack *analytics.Pack) error {
	if !slices.ContainsFunc(pack.Briefs, func(b *analytics.Brief) bool { return len(b.Ideas) > 0 }) {
		return nil
	}
	list, err := ideas.List(ctx, s.Store)
	if err != nil {
		return err
	}
	known := map[ideas.ID]ideas.Idea{}
	for _, i := range list {
		if i.Public() {
			known[i.ID] = i
		}
	}
	for _, b := range pack.Briefs {
		var named []brief.Idea
		for _, i := range b.Ideas {
			if now, ok := known[i.ID]; ok {
				i.Title, i.Lang = now.Title, now.Language
				named = append(named, i)
			}
		}
		b.Ideas = named
	}
	return nil
}

// briefs are the briefs for a department, with everything in them as it was when the pack was made but the titles of ideas.
func (b *packBook) briefs(d surveys.DepartmentID) (sheets []briefSheet) {
	for _, one := range b.pack.Briefs {
		if one.Department == d {
			sheets = append(sheets, newBriefWriter(b.waveBook, one, fmt.Sprintf("brief-%d-%d", one.Change, d)).sheet())
		}
	}
	return sheets
}

// briefLines are the sentences of all briefs, for a workbook.
func (b *packBook) briefLines() (lines []report.BriefLine) {
	for _, one := range b.pack.Briefs {
		w := newBriefWriter(b.waveBook, one, "")
		change, _ := one.ChangeTitle.In(b.Spoken)
		for i, said := range brief.Say(&one.Brief) {
			_, where := w.place(&said)
			lines = append(lines, report.BriefLine{Change: change, Department: one.DepartmentName, Number: i + 1, Text: w.sentence(&said), Where: where})
		}
	}
	return lines
}
