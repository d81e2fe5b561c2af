package report

import (
	"context"
	"io"

	"soundings/surveys"
	"soundings/surveys/intake"
	"soundings/surveys/store"
)

// Comments writes the comments of a closed wave as CSV, "other" texts among them: wave, question, department, comment,
// shuffled, without band, exactly as they were written but for the apostrophe in front of what a spreadsheet could
// run. They are written for departments that may be named and of which at least ten took part; those of all others
// together, without a department, if these reach ten.
//
// A wave that is not closed is an error of kind Conflict.
func Comments(ctx context.Context, s *store.Store, q *surveys.Questionnaire, wave surveys.Wave, w io.Writer) (Summary, error) {
	summary := Summary{unit: "comment"}
	columns := []string{"wave", "question", "department", "comment"}
	err := export(ctx, s, q, wave, w, columns, func(tx *store.Tx, src *source, out *csvWriter) error {
		named, rest := src.plan.commenting()
		err := intake.EachComment(tx, wave.ID, func(c surveys.Comment) error {
			department := ""
			switch {
			case named[c.Department]:
				department = src.departments[c.Department]
			case rest:
				summary.Nameless++
			default:
				summary.LeftOut++
				return nil
			}
			summary.Rows++
			return out.row([]string{guarded(src.wave.Label), c.Question, guarded(department), guarded(c.Text)})
		})
		if summary.Rows == 0 && summary.LeftOut > 0 {
			summary.Nothing = tooFew
		}
		return err
	})
	return summary, err
}
