package report

import (
	"context"
	"io"

	"soundings/analytics/quotes"
	"soundings/surveys"
	"soundings/surveys/comments"
	"soundings/surveys/store"
)

// Covers is what names, addresses and telephone numbers are covered with.
type Covers struct {
	Quotes *quotes.Reader // knows the names
	Words  map[quotes.Mask]string
}

// Comments writes the comments of a closed wave as CSV, "other" texts among them: wave, question, department, comment,
// shuffled, without band. They are those that the pages show (see quotes): of departments that may be named and of which
// at least ten took part; of all others together, without a department, if these reach ten; none that staff have hidden.
// Names, addresses and telephone numbers are covered by the words of Covers, and an apostrophe stands in front of what a
// spreadsheet could run; apart from that each is exactly as it was written.
//
// A wave that is not closed is an error of kind Conflict.
func Comments(ctx context.Context, s *store.Store, c Covers, q *surveys.Questionnaire, wave surveys.Wave, w io.Writer) (Summary, error) {
	summary := Summary{unit: "comment"}
	columns := []string{"wave", "question", "department", "comment"}
	err := export(ctx, s, q, wave, w, columns, func(tx *store.Tx, src *source, out *csvWriter) error {
		named, rest := quotes.Commenting(src.plan.rule, src.everyone())
		known, err := c.Quotes.Names(tx)
		if err != nil {
			return err
		}
		err = comments.Each(tx, wave.ID, func(comment surveys.Comment) error {
			department := ""
			switch {
			case named[comment.Department]:
				department = src.departments[comment.Department]
			case rest:
				summary.Nameless++
			default:
				summary.LeftOut++
				return nil
			}
			summary.Rows++
			return out.row([]string{guarded(src.wave.Label), comment.Question, guarded(department), guarded(known.Mask(comment.Text).In(c.Words))})
		})
		if summary.Rows == 0 && summary.LeftOut > 0 {
			summary.Nothing = tooFew
		}
		return err
	})
	return summary, err
}
