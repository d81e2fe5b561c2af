package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"soundings/surveys"
	"soundings/surveys/outbox"
	"soundings/surveys/settings"
	"soundings/surveys/store"
)

// settingsPage is what is set once for the whole installation.
type settingsPage struct {
	frame
	Headline     string
	Trouble      string // with the mail server, in its own words
	Saved        string // the section that has just been saved
	Organisation []settingField
	Zones        []string
	Languages    []option
	Looks        []settingField
	Logo         *mark    // that is set
	LogoFault    string   // what is wrong with the file
	Boards       []option // when ideas appear on the board
	BoardOn      bool
	Mail         []settingField
	Security     []option
	SecurityBad  string // fault of the choice above
	CanTest      bool
	TestFailed   string // what the mail server said to the test message
	Faulty       string // the section whose form comes back
}

// settingField is one line of a form, in the reader's words.
type settingField struct {
	Name, Label, Hint, Type, Value, Fault string
	List                                  string // id of what is proposed
	Swatch                                string // a colour to be shown beside it
}

// settingsForm is everything that is set, as stored or as typed.
type settingsForm struct {
	organisation settings.Organisation
	looks        settings.Looks
	board        settings.Board
	mail         settings.Mail
	server       string       // that is in use, whatever has been typed
	typed        surveys.Form // numbers that could not be read stay as they were typed
	faults       surveys.Faults
	faulty       string
	testFailed   string
}

func (s *Server) readSettings(ctx context.Context) (f settingsForm, err error) {
	db := s.Store.Read(ctx)
	if f.organisation, err = settings.ReadOrganisation(db); err != nil {
		return f, err
	}
	if f.looks, err = settings.ReadLooks(db); err != nil {
		return f, err
	}
	if f.board, err = settings.ReadBoard(db); err != nil {
		return f, err
	}
	f.mail, err = settings.ReadMail(db, s.Secret)
	f.server = f.mail.Host
	if surveys.KindOf(err) == surveys.Conflict {
		err = nil // the password was sealed with another secret; the page is where to enter it again
	}
	return f, err
}

func (s *Server) showSettings(c *fiber.Ctx) error {
	f, err := s.readSettings(c.UserContext())
	if err != nil {
		return err
	}
	return s.settingsPage(c, f)
}

func (s *Server) settingsPage(c *fiber.Ctx, f settingsForm) error {
	page := settingsPage{frame: s.frame(c, "settings_title", "settings"), Faulty: f.faulty, TestFailed: f.testFailed,
		Zones: zones(), CanTest: f.mail.Configured() && f.faulty != "mail"}
	if f.faulty == "" {
		page.Saved = utils.CopyString(c.Query("saved"))
	}
	p := &phrases{speech: page.speech}
	trouble, err := settings.ReadTrouble(s.Store.Read(c.UserContext()))
	if err != nil {
		return err
	}
	switch {
	case trouble.Reason != "":
		page.Headline, page.Trouble = p.say("settings_headline_trouble"), trouble.Reason
	case f.server != "":
		page.Headline = p.say("settings_headline_ready", "Host", f.server)
	default:
		page.Headline = p.say("settings_headline_none")
	}
	fields := fieldMaker{p, settingFaults(p, f.faults)}
	page.Organisation = fields.organisation(f.organisation, s.Organisation)
	page.Looks = fields.looks(f.looks)
	page.Logo, page.LogoFault = s.house().Logo, fields.faults["logo"]
	page.Mail = fields.mail(f.mail, f.typed)
	page.BoardOn = f.board.On()
	for _, b := range settings.Boards() {
		page.Boards = append(page.Boards, option{Value: string(b), Text: p.say("settings_board_" + boardWord(b)), Selected: f.board == b})
	}
	page.SecurityBad = fields.faults["security"]
	for _, way := range []settings.Security{settings.StartTLS, settings.ImplicitTLS, settings.Unprotected} {
		page.Security = append(page.Security, option{Value: string(way), Text: p.say("settings_security_" + string(way)), Selected: f.mail.Security == way})
	}
	for _, name := range s.staffWords.names {
		page.Languages = append(page.Languages, option{Value: name, Text: nameOf(name), Selected: s.staffWords.all.choose(wish{name: f.organisation.Language}) == name})
	}
	if p.err != nil {
		return p.err
	}
	return s.page(c, "staff/settings", page)
}

// fieldMaker words the lines of the forms.
type fieldMaker struct {
	*phrases
	faults map[string]string // by field
}

func (m fieldMaker) field(name, kind, value string) settingField {
	return settingField{Name: name, Type: kind, Value: value, Fault: m.faults[name],
		Label: m.say("settings_" + name), Hint: m.say("settings_" + name + "_hint")}
}

func (m fieldMaker) organisation(o settings.Organisation, fallback string) []settingField {
	name, zone := m.field("name", "text", o.Name), m.field("time_zone", "text", o.TimeZone)
	if fallback != "" {
		name.Hint = m.say("settings_name_fallback", "Name", fallback)
	}
	zone.List = "zones"
	return []settingField{name, zone}
}

func (m fieldMaker) looks(l settings.Looks) []settingField {
	light, dark := m.field("accent_light", "text", l.Light), m.field("accent_dark", "text", l.Dark)
	light.Swatch, dark.Swatch = l.Light, l.Dark
	return []settingField{light, dark}
}

func (m fieldMaker) mail(s settings.Mail, typed surveys.Form) []settingField {
	port, perMinute := strconv.Itoa(s.Port), strconv.Itoa(s.PerMinute)
	if typed != nil {
		port, perMinute = typed.First("port"), typed.First("per_minute")
	}
	password := m.field("password", "password", "")
	if s.User != "" && s.Password != "" && typed == nil {
		password.Hint = m.say("settings_password_kept")
	}
	return []settingField{m.field("host", "text", s.Host), m.field("port", "number", port), m.field("user", "text", s.User), password,
		m.field("from", "email", s.From), m.field("from_name", "text", s.FromName), m.field("reply_to", "email", s.ReplyTo),
		m.field("per_minute", "number", perMinute)}
}

func settingFaults(p *phrases, faults surveys.Faults) map[string]string {
	texts := p.faults("settings_fault_", faults)
	for _, f := range faults {
		if ratio, err := strconv.ParseFloat(f.Args["Ratio"], 64); err == nil {
			texts[f.Path] = p.fault("settings_fault_", f, "Ratio", p.numbers.Sprintf("%.1f", ratio))
		}
	}
	return texts
}

// saveSettings saves one section and goes back to it, or shows its form again as it was typed.
func (s *Server) saveSettings(c *fiber.Ctx, section string, take func(f *settingsForm, form surveys.Form), save func(tx *store.Tx, f settingsForm) error) error {
	form, err := staffForm(c)
	if err != nil {
		return err
	}
	f, err := s.readSettings(c.UserContext())
	if err != nil {
		return err
	}
	take(&f, form)
	err = s.Store.Transact(c.UserContext(), "web: settings", func(tx *store.Tx) error { return save(tx, f) })
	var known *surveys.Error
	if errors.As(err, &known) && known.Kind == surveys.Invalid {
		f.faults, f.faulty = known.Faults, section
		c.Status(statuses[known.Kind])
		return s.settingsPage(c, f)
	}
	if err != nil {
		return err
	}
	s.houses.forget()
	return c.Redirect("/settings?saved="+section+"#"+section, http.StatusSeeOther)
}

func (s *Server) postOrganisation(c *fiber.Ctx) error {
	return s.saveSettings(c, "organisation", func(f *settingsForm, form surveys.Form) {
		f.organisation = settings.Organisation{Name: strings.TrimSpace(form.First("name")), TimeZone: strings.TrimSpace(form.First("time_zone")), Language: form.First("language")}
	}, func(tx *store.Tx, f settingsForm) error { return settings.SaveOrganisation(tx, f.organisation) })
}

func (s *Server) postLooks(c *fiber.Ctx) error {
	return s.saveSettings(c, "looks", func(f *settingsForm, form surveys.Form) {
		f.looks = settings.Looks{Light: form.First("accent_light"), Dark: form.First("accent_dark")}
	}, func(tx *store.Tx, f settingsForm) error { return settings.SaveLooks(tx, f.looks) })
}

func (s *Server) postBoard(c *fiber.Ctx) error {
	return s.saveSettings(c, "board", func(f *settingsForm, form surveys.Form) { f.board = settings.Board(form.First("board")) },
		func(tx *store.Tx, f settingsForm) error { return settings.SaveBoard(tx, f.board) })
}

func (s *Server) postMail(c *fiber.Ctx) error {
	return s.saveSettings(c, "mail", func(f *settingsForm, form surveys.Form) {
		text := func(name string) string { return strings.TrimSpace(form.First(name)) }
		f.mail = settings.Mail{Host: text("host"), Port: wholeNumber(text("port")), Security: settings.Security(form.First("security")), User: text("user"),
			Password: form.First("password"), From: text("from"), FromName: text("from_name"), ReplyTo: text("reply_to"), PerMinute: wholeNumber(text("per_minute"))}
		f.typed = form
	}, func(tx *store.Tx, f settingsForm) error { return settings.SaveMail(tx, s.Secret, f.mail) })
}

// wholeNumber is 0 for what is none; no setting accepts 0.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// postMailTest sends a message to whoever asks, and shows what the mail server says if it does not take it.
func (s *Server) postMailTest(c *fiber.Ctx) error {
	f, err := s.readSettings(c.UserContext())
	if err != nil {
		return err
	}
	if !f.mail.Configured() {
		return &surveys.Error{Kind: surveys.Conflict, Op: "web: mail test", Message: "No mail server is set yet."}
	}
	page := s.frame(c, "", "")
	p := &phrases{speech: page.speech}
	m := outbox.Mail{Subject: p.say("settings_test_subject"), Text: p.say("settings_test_text", "Address", s.BaseURL) + "\n"}
	if p.err != nil {
		return p.err
	}
	if err := outbox.Try(c.UserContext(), outbox.Deps{Now: s.Now}, f.mail, page.User.Email, m); err != nil {
		f.testFailed, f.faulty = err.Error(), "test"
		c.Status(http.StatusUnprocessableEntity)
		return s.settingsPage(c, f)
	}
	return c.Redirect("/settings?saved=test#mail", http.StatusSeeOther)
}

// zones are proposals; any zone of the world is taken.
func zones() []string {
	return []string{"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "America/Bogota",
		"America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo", "America/Toronto",
		"Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kolkata", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo",
		"Australia/Perth", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest",
		"Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid",
		"Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich",
		"Pacific/Auckland", "UTC"}
}
