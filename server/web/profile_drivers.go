package web

import (
	"soundings/analytics"
	"soundings/analytics/stats"
	"soundings/surveys"
)

// driverTable is what goes with a construct.
type driverTable struct {
	Title, Note, None string
	Rows              []driverRow
	Items             bool // some are items of the construct
}

type driverRow struct {
	Text, Detail, Sense string
	Everyone            bool
}

// driverTable lists what goes with the construct, in words of association.
func (v *profileView) driverTable(list []analytics.Driver) *driverTable {
	t := &driverTable{Title: v.say("profile_drivers", "Measure", v.measure(v.ask.Construct)), Note: v.say("profile_drivers_note")}
	if v.ask.Construct == surveys.Openness {
		t.Title = v.say("profile_drivers_openness")
	}
	for _, d := range list {
		m := &analytics.Measured{Question: d.Question}
		row := driverRow{Text: v.labelled(m), Everyone: d.Everyone, Detail: v.count("profile_rho_n", d.N, "Rho", v.coefficient(d))}
		switch {
		case !d.Clear():
			row.Sense = v.say("profile_rho_unclear")
		case d.Coefficient > 0:
			row.Sense = v.say("profile_rho_more")
		default:
			row.Sense = v.say("profile_rho_less")
		}
		t.Items = t.Items || d.Item
		t.Rows = append(t.Rows, row)
	}
	if len(list) == 0 {
		t.None = v.say("profile_drivers_none", "Least", v.Number(stats.DriverMinPersons))
	}
	return t
}

// coefficient writes how closely two things go together, with its interval.
func (p *phrases) coefficient(d analytics.Driver) string {
	figure := p.signedDecimal(d.Coefficient)
	if !d.HasInterval {
		return figure
	}
	return p.say("profile_rho", "Rho", figure, "Low", p.signedDecimal(d.Low), "High", p.signedDecimal(d.High))
}

// signedDecimal writes a coefficient: "+0.42", with the language's separator and a real minus sign.
func (p *phrases) signedDecimal(x float64) string {
	switch text := p.Decimal(max(x, -x), 2); {
	case x > 0:
		return "+" + text
	case x < 0:
		return "−" + text
	default:
		return text
	}
}
