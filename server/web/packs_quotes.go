package web

import (
	"context"

	"soundings/analytics/quotes"
	"soundings/analytics/report"
	"soundings/server/accounts"
	"soundings/surveys"
)

// packQuotes are the comments of a department in a pack, with where they are from.
type packQuotes struct {
	Note   string
	Quotes []packQuote
	None   string // why there are none
}

// packQuote is one comment; Of is the question, where the wave has several that are answered in words.
type packQuote struct {
	Lang, Of string
	Pieces   []pieceView
}

// quotes reads the comments of a pack for whoever may read comments: as they may be read now, so that what its writer has
// deleted or staff have hidden since stands in no pack either. nil where the pack has none, or not for this reader.
func (b *packBook) quotes(ctx context.Context, from *quotes.Reader) (map[surveys.DepartmentID]*packQuotes, error) {
	v := b.quoted()
	if v == nil {
		return nil, nil
	}
	wave := v.res.Wave
	user := b.frame.User
	c, err := from.Read(ctx, quotes.Ask{Survey: wave.Survey, Waves: []surveys.WaveID{wave.ID}, Sees: user.Sees, All: !user.Limited})
	if err != nil {
		return nil, err
	}
	named := map[surveys.DepartmentID]bool{}
	for _, g := range c.Groups {
		named[g.Department] = !g.Others
	}
	byDepartment := map[surveys.DepartmentID]*packQuotes{}
	for _, d := range b.pack.Departments {
		byDepartment[d.ID] = &packQuotes{Note: b.say("pack_quotes_note", "Wave", v.heading())}
		if !named[d.ID] {
			byDepartment[d.ID].None = b.say("pack_quotes_few")
		}
	}
	for _, q := range c.Quotes {
		if of := byDepartment[q.Group.Department]; of != nil && !q.Group.Others {
			of.Quotes = append(of.Quotes, v.packQuote(q))
		}
	}
	for _, of := range byDepartment {
		if of.None == "" && len(of.Quotes) == 0 {
			of.None = b.say("pack_quotes_none")
		}
	}
	return byDepartment, nil
}

// quoted is the part whose comments the pack has; nil if it has none, or its reader may read none.
func (b *packBook) quoted() *resultsView {
	if b.pack.Quoted == 0 || !b.frame.User.Role.May(accounts.ReadComments) {
		return nil
	}
	for _, v := range b.views {
		if v.res.Wave.ID == b.pack.Quoted {
			return v
		}
	}
	return nil
}

func (v *resultsView) packQuote(q quotes.Quote) packQuote {
	quote, doc := packQuote{Lang: q.Language, Pieces: v.pieces(q.Text)}, v.res.Wave.Questionnaire.Document
	writable := 0
	for i := range doc.Questions {
		if doc.Questions[i].TakesText() {
			writable++
		}
	}
	if question, ok := doc.Question(q.Question); ok && writable > 1 {
		quote.Of = v.texts.text(question)
	}
	return quote
}

// pieces are the stretches of a comment, those that are covered with the word for what stood there.
func (p *phrases) pieces(text quotes.Text) (list []pieceView) {
	for _, piece := range text {
		view := pieceView{Text: piece.Text}
		if piece.Mask != quotes.Plain {
			view.Mask = p.say("comments_mask_" + string(piece.Mask))
		}
		list = append(list, view)
	}
	return list
}

// bookParts are the sheets that a workbook of a pack has beside the figures of a wave.
func (s *Server) bookParts(ctx context.Context, b *packBook, of surveys.WaveID) []report.Part {
	parts := []report.Part{report.PackSheet(b.pack, b.kept.Checksum)}
	if lines := b.briefLines(); len(lines) > 0 {
		parts = append(parts, report.BriefSheet(lines))
	}
	if v := b.quoted(); v != nil && v.res.Wave.ID == of {
		parts = append(parts, report.CommentsPart(ctx, s.Store, s.covers(&b.phrases), report.Scope{Sees: b.pack.Holds}))
	}
	return parts
}
