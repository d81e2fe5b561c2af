package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var secret = surveys.Secret(strings.Repeat("s", 32))

func ours() Mail {
	return Mail{Host: "mail.example.org", Port: 587, Security: StartTLS, User: "soundings", Password: "tr0ub4dor", From: "it@example.org",
		FromName: "IT", ReplyTo: "help@example.org", PerMinute: 60}
}

func save(t *testing.T, s *store.Store, fn func(tx *gorm.DB) error) error {
	t.Helper()
	return s.Transact(t.Context(), "test", fn)
}

func saveMail(t *testing.T, s *store.Store, m Mail) error {
	t.Helper()
	return save(t, s, func(tx *gorm.DB) error { return SaveMail(tx, secret, m) })
}

// faultsOf lists "path code" of every fault.
func faultsOf(t *testing.T, err error) []string {
	t.Helper()
	var known *surveys.Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &known) || known.Kind != surveys.Invalid {
		t.Fatal(err)
	}
	var list []string
	for _, f := range known.Faults {
		list = append(list, f.Path+" "+f.Code)
	}
	slices.Sort(list)
	return list
}

func TestMailSettingsComeBackAsTheyWereSaved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if got, err := ReadMail(s.Read(t.Context()), secret); err != nil || got.Configured() || got.PerMinute != DefaultPerMinute {
			t.Errorf("unset: %+v, %v", got, err)
		}
		for _, m := range []Mail{ours(), {Host: "localhost", Port: 25, Security: Unprotected, From: "a@b.example", PerMinute: 1}} {
			if err := saveMail(t, s, m); err != nil {
				t.Fatal(err)
			}
			if got, err := ReadMail(s.Read(t.Context()), secret); err != nil || got != m {
				t.Errorf("read %+v, saved %+v: %v", got, m, err)
			}
		}
		if err := saveMail(t, s, Mail{}); err != nil {
			t.Fatal(err)
		}
		if rows := storetest.Rows(t, s, "SELECT name FROM settings"); len(rows) != 0 {
			t.Errorf("kept after all was cleared: %v", rows)
		}
	})
}

func TestThePasswordCannotBeReadInTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := saveMail(t, s, ours()); err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(storetest.Rows(t, s, "SELECT name, value FROM settings"), "\n"); strings.Contains(all, "tr0ub4dor") {
			t.Error("the password is stored as it is")
		}
		if _, err := ReadMail(s.Read(t.Context()), surveys.Secret(strings.Repeat("x", 32))); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("with another secret: %v", err)
		}
	})
}

func TestAnEmptyPasswordKeepsTheStoredOneForItsOwnServerOnly(t *testing.T) {
	s := storetest.SQLite(t)
	if err := saveMail(t, s, ours()); err != nil {
		t.Fatal(err)
	}
	m := ours()
	m.Password, m.FromName = "", "Helpdesk"
	if err := saveMail(t, s, m); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadMail(s.Read(t.Context()), secret); err != nil || got.Password != "tr0ub4dor" || got.FromName != "Helpdesk" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, change := range map[string]func(*Mail){
		"host": func(m *Mail) { m.Host = "evil.example" }, "port": func(m *Mail) { m.Port = 2525 }, "security": func(m *Mail) { m.Security = ImplicitTLS },
	} {
		other := m
		change(&other)
		if got := faultsOf(t, saveMail(t, s, other)); !slices.Equal(got, []string{"password required"}) {
			t.Errorf("another %s: %v", name, got)
		}
	}
	m.User = ""
	if err := saveMail(t, s, m); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadMail(s.Read(t.Context()), secret); err != nil || got.Password != "" {
		t.Errorf("a password without a user is kept: %v", err)
	}
}

func TestEveryFaultOfTheMailSettingsIsTold(t *testing.T) {
	s := storetest.SQLite(t)
	bad := Mail{Host: "mail server", Port: 0, Security: "ssl", User: "a\nb", Password: "x\r\ny", From: "nobody", FromName: "a\r\nBcc: x", ReplyTo: "x@", PerMinute: 0}
	want := []string{"from address", "from_name text", "host host", "password text", "per_minute per_minute", "port port", "reply_to address", "security unknown", "user text"}
	if got := faultsOf(t, saveMail(t, s, bad)); !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
	m := ours()
	m.Security = Unprotected
	if got := faultsOf(t, saveMail(t, s, m)); !slices.Equal(got, []string{"security unprotected"}) {
		t.Errorf("unprotected to another machine: %v", got)
	}
}

func TestTroubleWithTheMailServerIsRememberedUntilItEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		trouble := Trouble{At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Reason: "535 5.7.8 wrong password"}
		for _, want := range []Trouble{trouble, {}} {
			if err := save(t, s, func(tx *gorm.DB) error { return SaveTrouble(tx, want) }); err != nil {
				t.Fatal(err)
			}
			if got, err := ReadTrouble(s.Read(t.Context())); err != nil || got != want {
				t.Errorf("%+v, want %+v: %v", got, want, err)
			}
		}
	})
}

func TestTheOrganisationNeedsATimeZoneOfThisWorld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := Organisation{Name: "Häfen & Söhne", TimeZone: "Europe/Berlin", Language: "de"}
		if err := save(t, s, func(tx *gorm.DB) error { return SaveOrganisation(tx, want) }); err != nil {
			t.Fatal(err)
		}
		for _, zone := range []string{"Middle/Earth", "Local", "../etc/passwd"} {
			err := save(t, s, func(tx *gorm.DB) error { return SaveOrganisation(tx, Organisation{Name: "a\nb", TimeZone: zone}) })
			if got := faultsOf(t, err); !slices.Equal(got, []string{"name text", "time_zone time_zone"}) {
				t.Errorf("%s: %v", zone, got)
			}
		}
		if got, err := ReadOrganisation(s.Read(t.Context())); err != nil || got != want {
			t.Errorf("%+v: %v", got, err)
		}
	})
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want string
	}{{"#000000", "#ffffff", "21.00"}, {"#777777", "#ffffff", "4.48"}, {"#767676", "#ffffff", "4.54"}, {"#ff0000", "#ffffff", "4.00"}, {"#01665e", "#ffffff", "6.85"}} {
		a, _ := parseColour(c.a)
		b, _ := parseColour(c.b)
		if got := fmt.Sprintf("%.2f", contrast(a, b)); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestAColourThatCannotBeReadIsRefusedWithTheNearestThatCan(t *testing.T) {
	s := storetest.SQLite(t)
	refused := func(l Looks) surveys.Faults {
		err := save(t, s, func(tx *gorm.DB) error { return SaveLooks(tx, l) })
		var known *surveys.Error
		if !errors.As(err, &known) {
			t.Fatalf("%+v is saved", l)
		}
		return known.Faults
	}
	faults := refused(Looks{Light: "#ffcc00", Dark: "#002244"})
	if len(faults) != 2 || faults[0].Args["Ratio"] != "1.4" {
		t.Fatalf("%+v", faults)
	}
	mended := Looks{Light: faults[0].Args["Nearest"], Dark: faults[1].Args["Nearest"]}
	if err := save(t, s, func(tx *gorm.DB) error { return SaveLooks(tx, mended) }); err != nil {
		t.Error("what is proposed is refused:", err)
	}
	if got, err := ReadLooks(s.Read(t.Context())); err != nil || got != mended {
		t.Errorf("%+v: %v", got, err)
	}
	for _, text := range []string{"red", "#12345", "#12345g", "#123456;}"} {
		if got := refused(Looks{Light: text}); got[0].Code != "colour" {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestEveryColourHasAReadableNeighbourOnEitherPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.IntRange(0, 255)
		c := colour{float64(part.Draw(t, "r")), float64(part.Draw(t, "g")), float64(part.Draw(t, "b"))}
		for _, p := range []page{lightPage(), darkPage()} {
			if near := p.nearest(c); p.contrast(near) < Readable {
				t.Errorf("%s for %s has a contrast of %.2f", near, c, p.contrast(near))
			}
		}
	})
}

func TestTheSheetHoldsNothingButColours(t *testing.T) {
	if got := (Looks{}).Sheet(); got != "" {
		t.Errorf("the program's own colours need no sheet: %s", got)
	}
	got := Looks{Light: "#01665e"}.Sheet()
	if !strings.Contains(got, "--accent:#01665e") || strings.Count(got, "--accent:") != 2 {
		t.Error(got)
	}
	if got := (Looks{Light: "#01665e;}body{display:none"}).Sheet(); got != "" {
		t.Error(got)
	}
}
