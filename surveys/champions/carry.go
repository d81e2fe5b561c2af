package champions

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"soundings/surveys"
	"soundings/surveys/carry"
	"soundings/surveys/changes"
)

// Carried is a champion as they are carried from one installation into another, with the consent they gave, what they were
// told and what they reported. Of one who has withdrawn there is only the department and the day. Those who have not
// confirmed stay behind: the link that was mailed to them leads to where they volunteered.
type Carried struct {
	Department  string           `json:"department"`
	Withdrawn   surveys.Day      `json:"withdrawn,omitempty"`
	Version     int              `json:"version"`
	Name        string           `json:"name,omitempty"`
	Email       string           `json:"email,omitempty"`
	Topics      []string         `json:"topics,omitempty"`
	Language    string           `json:"language,omitempty"`
	Added       surveys.Day      `json:"added,omitempty"`
	Since       surveys.Day      `json:"since,omitempty"`
	LastContact surveys.Day      `json:"last_contact,omitempty"`
	Consent     *CarriedConsent  `json:"consent,omitempty"`
	Letters     []CarriedLetter  `json:"letters,omitempty"`
	Reports     []CarriedMessage `json:"reports,omitempty"`
}

// CarriedConsent is how somebody agreed.
type CarriedConsent struct {
	By      string      `json:"by,omitempty"` // none: by themselves
	On      surveys.Day `json:"on"`
	How     string      `json:"how,omitempty"`
	Wording string      `json:"wording"`
}

// CarriedLetter says that a champion was told of a change at a stage.
type CarriedLetter struct {
	Change string        `json:"change"`
	Stage  changes.Stage `json:"stage"`
	On     surveys.Day   `json:"on"`
	By     string        `json:"by,omitempty"`
}

// CarriedMessage is what a champion reported back.
type CarriedMessage struct {
	Change string      `json:"change,omitempty"`
	Day    surveys.Day `json:"day"`
	Text   string      `json:"text"`
}

func (e *Carried) name() string {
	if e.Withdrawn != "" {
		return fmt.Sprintf("withdrawn %s, %s", e.Withdrawn, e.Department)
	}
	return *emailKey(e.Email)
}

// Carry returns all champions and the traces of those who withdrew, the oldest first.
func Carry(tx *gorm.DB, names *carry.Names) ([]Carried, error) {
	list, err := listIn(tx)
	if err != nil {
		return nil, err
	}
	told, err := letters(tx)
	if err != nil {
		return nil, err
	}
	var reported []reportRow
	if err := tx.Order("id").Find(&reported).Error; err != nil {
		return nil, err
	}
	var entries []Carried
	for _, c := range list {
		if c.Waiting() {
			continue
		}
		e := c.carried(names.Departments.Name(c.Department))
		for _, l := range told {
			if l.Champion == c.ID {
				e.Letters = append(e.Letters, CarriedLetter{names.Changes.Name(int64(l.Change)), l.Stage, l.On, l.By})
			}
		}
		for _, r := range reported {
			if r.ChampionID == c.ID {
				e.Reports = append(e.Reports, CarriedMessage{r.about(names), r.Day, r.Text})
			}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func (r *reportRow) about(names *carry.Names) string {
	if r.ChangeID == nil {
		return ""
	}
	return names.Changes.Name(int64(*r.ChangeID))
}

// carried is a champion, but for letters and reports.
func (c *Champion) carried(department string) Carried {
	if c.Withdrawn != "" {
		return Carried{Department: department, Withdrawn: c.Withdrawn, Version: c.Version}
	}
	consent := CarriedConsent(c.Consent)
	return Carried{Department: department, Version: c.Version, Name: c.Name, Email: c.Email, Topics: c.Topics, Language: c.Language, Added: c.Added, Since: c.Since, LastContact: c.LastContact, Consent: &consent}
}

// champion is what an entry says but for the department.
func (e *Carried) champion() Champion {
	c := Champion{Version: e.Version, Confirmed: true, Withdrawn: e.Withdrawn}
	if e.Withdrawn != "" {
		return c
	}
	c.Name, c.Email, c.Topics, c.Language, c.Added, c.Since, c.LastContact = e.Name, e.Email, e.Topics, e.Language, e.Added, e.Since, e.LastContact
	if e.Consent != nil {
		c.Consent = Consent(*e.Consent)
	}
	c.tidy()
	return c
}

func (e *Carried) tidied() Carried {
	c := e.champion()
	t := c.carried(e.Department)
	t.Letters = e.Letters
	for _, r := range e.Reports {
		r.Text = strings.TrimSpace(r.Text)
		t.Reports = append(t.Reports, r)
	}
	return t
}

// TakeIn stores champions of another installation that are not here, with the consent they gave there. Each gets an address
// of their own here, which the next mail to them carries.
func TakeIn(in *carry.Into, file []Carried) (carry.Report, error) {
	return carry.TakeIn(in, carry.Kind[Carried]{Name: "champions", Here: Carry, Label: (*Carried).name, Several: true, Tidied: (*Carried).tidied, Enter: enter}, file)
}

func enter(in *carry.Into, e *Carried) (surveys.Faults, func() error, error) {
	c := e.champion()
	var err error
	if c.Department, err = in.Department(e.Department); err != nil {
		return nil, nil, err
	}
	about, faults := e.changes(in)
	found, err := e.faults(in, &c)
	return append(found, faults...), func() error { return e.store(in, &c, about) }, err
}

// changes finds the changes that letters and then reports are about.
func (e *Carried) changes(in *carry.Into) (ids []changes.ID, faults surveys.Faults) {
	add := func(path, name string) {
		id, found := in.Change(path, name)
		ids, faults = append(ids, changes.ID(id)), append(faults, found...)
	}
	for i, l := range e.Letters {
		path := fmt.Sprintf("letters[%d]", i)
		add(path, l.Change)
		twice := slices.ContainsFunc(e.Letters[:i], func(b CarriedLetter) bool { return b.Change == l.Change && b.Stage == l.Stage })
		if l.Change == "" || twice || !slices.Contains(changes.Stages(), l.Stage) {
			faults = append(faults, surveys.NewFault(path, FaultUnknown, "must name a change and a stage of its own"))
		}
		faults = append(faults, surveys.TextFaults(path+".by", l.By, carry.LongestBy, false)...)
		faults = append(faults, pastDay(path+".on", l.On, in.Today, true)...)
	}
	for i, r := range e.Reports {
		path := fmt.Sprintf("reports[%d]", i)
		add(path, r.Change)
		faults = append(faults, surveys.TextFaults(path, r.Text, LongestReport, true)...)
		faults = append(faults, pastDay(path, r.Day, in.Today, true)...)
	}
	return ids, faults
}

func (e *Carried) faults(in *carry.Into, c *Champion) (surveys.Faults, error) {
	faults := carry.VersionFaults(c.Version)
	if e.Department == "" {
		faults = append(faults, surveys.NewFault("department", FaultRequired, "must not be empty"))
	}
	if c.Withdrawn != "" {
		return append(faults, pastDay("withdrawn", c.Withdrawn, in.Today, true)...), nil
	}
	found := append(c.faults(), c.dayFaults(in.Today)...)
	var err error
	if c.Department > 0 {
		found, err = c.allFaults(in.Tx, c, in.Today)
	}
	faults = append(faults, found...)
	faults = append(faults, pastDay("added", c.Added, in.Today, true)...)
	if c.Consent.Own() {
		faults = append(faults, pastDay("consent_on", c.Consent.On, in.Today, true)...)
		faults = append(faults, surveys.TextFaults("consent_wording", c.Consent.Wording, LongestWording, true)...)
	}
	faults = append(faults, surveys.TextFaults("consent_by", c.Consent.By, carry.LongestBy, false)...)
	return append(faults, c.consentFaults(in.Today)...), err
}

func (e *Carried) store(in *carry.Into, c *Champion, about []changes.ID) error {
	if c.Withdrawn != "" {
		row := championRow{Version: c.Version, DepartmentID: c.Department, Confirmed: true, Withdrawn: c.Withdrawn}
		return in.Tx.Create(&row).Error
	}
	if err := insert(in.Tx, in.Secret, c, false); err != nil {
		return err
	}
	for i, l := range e.Letters {
		row := letterRow{ChampionID: c.ID, ChangeID: about[i], Stage: l.Stage, ToldOn: l.On, ToldBy: l.By}
		if err := in.Tx.Create(&row).Error; err != nil {
			return err
		}
	}
	for i, r := range e.Reports {
		row := reportRow{ChampionID: c.ID, Day: r.Day, Text: r.Text}
		if id := about[len(e.Letters)+i]; id != 0 {
			row.ChangeID = &id
		}
		if err := in.Tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}
