package web

import (
	"cmp"
	"time"

	"soundings/surveys/waves"
)

// stamp is an instant as pages show it: in the reader's language and by the clocks of the organisation, and for machines.
type stamp struct{ Text, Machine string }

// stamp writes an instant as the clocks of a zone show it.
func (p *phrases) stamp(t time.Time, zone *time.Location) stamp {
	text, err := p.Moment(waves.LocalOf(t, zone).Wall())
	p.err = cmp.Or(p.err, err)
	return stamp{text, t.UTC().Format(time.RFC3339)}
}
