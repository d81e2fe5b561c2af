package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/library"
	"soundings/surveys/store"
)

// outcome runs a command that may fail, without a site.
func outcome(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, environment{in: strings.NewReader(""), out: &o, err: &e})
	return code, o.String(), e.String()
}

func TestWrongUseIsToldFromFailedWork(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.yaml")
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"help":                {[]string{"--help"}, done, "Usage: soundings"},
		"version":             {[]string{"version"}, done, "soundings "},
		"unknown command":     {[]string{"fly"}, wrongUsed, "unexpected argument fly"},
		"unknown flag":        {[]string{"serve", "--fast"}, wrongUsed, "unknown flag --fast"},
		"missing flag":        {[]string{"wave", "open"}, wrongUsed, "--survey"},
		"no such file":        {[]string{"import", "survey", missing}, wrongUsed, "missing.yaml"},
		"unknown role":        {[]string{"token", "add", "--name", "x", "--role", "king"}, wrongUsed, "admin"},
		"no database server":  {[]string{"wave", "list", "--database", "mysql://u:p@127.0.0.1:1/x", "--secret-file", "x"}, failed, "no MySQL server answers"},
		"no server":           {[]string{"healthcheck", "--listen", "127.0.0.1:1"}, failed, "no server answers"},
		"database of no kind": {[]string{"serve", "--database", "paper:drawer"}, wrongUsed, "--database"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := outcome(t, c.args...)
			if code != c.code || !strings.Contains(out+errs, c.want) {
				t.Errorf("code %d, want %d; %q in\n%s%s", code, c.code, c.want, out, errs)
			}
		})
	}
}

func TestAllWrongSettingsAreToldAtOnce(t *testing.T) {
	code, _, errs := outcome(t, "serve", "--listen", "here", "--database", "mysql://u:p@h/x", "--base-url", "soundings.example.org")
	if code != wrongUsed {
		t.Errorf("code %d, want %d", code, wrongUsed)
	}
	for _, want := range []string{"--listen", "--base-url", "--secret-file is required"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in\n%s", want, errs)
		}
	}
}

func TestSettingsComeFromTheEnvironmentToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "from-the-environment.db")
	t.Setenv("SOUNDINGS_DATABASE", "sqlite:"+path)
	if code, _, errs := outcome(t, "wave", "list"); code != done {
		t.Fatalf("code %d\n%s", code, errs)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestAPortInUseIsOneSentence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := newSite(t, store.SQLite)
	s.args[5] = l.Addr().String()
	if _, errs := s.command(failed, "", "serve"); !strings.Contains(errs, "cannot listen on "+s.args[5]+": address already in use") {
		t.Error(errs)
	}
}

func TestASchemaOfANewerProgramStopsEveryCommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.do("migrate", "up")
		db, err := store.Open(t.Context(), s.args[1])
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		pool, err := db.Pool()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec("INSERT INTO schema_versions (version_id, is_applied) VALUES (9999, 1)"); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"serve"}, {"wave", "list"}, {"migrate", "status"}, {"migrate", "up"}} {
			if _, errs := s.command(failed, "", args...); !strings.Contains(errs, "newer program") {
				t.Errorf("%v: %s", args, errs)
			}
		}
	})
}

// openLibrary imports the change pulse and returns its survey and its document.
func (s *site) openLibrary() (survey string, document []byte) {
	s.t.Helper()
	document, err := library.Open("change-pulse")
	if err != nil {
		s.t.Fatal(err)
	}
	file := filepath.Join(s.t.TempDir(), "pulse.yaml")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return s.do("import", "survey", file)[0], document
}

func TestASurveyComesBackAsItWasWritten(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		survey, document := s.openLibrary()
		if again, _ := s.openLibrary(); again != survey {
			t.Errorf("imported again it is survey %s, want %s", again, survey)
		}
		if out, _ := s.command(done, "", "export", "survey", survey); out != string(document) {
			t.Error("the exported document differs from the imported one")
		}
		dir := t.TempDir()
		s.do("export", "survey", survey, "--out", dir)
		written, err := os.ReadFile(filepath.Join(dir, "survey-"+survey+".yaml"))
		if err != nil || !bytes.Equal(written, document) {
			t.Errorf("the exported file differs: %v", err)
		}
	})
}

func TestFaultsOfADocumentNameLineAndPath(t *testing.T) {
	s := newSite(t, store.SQLite)
	file := filepath.Join(t.TempDir(), "bad.yaml")
	bad := "title: A\npurpose: change\nquestions:\n  - {id: a, kind: scale, points: 6, text: T}\n  - {id: a, kind: text, text: T, colour: red}\n"
	if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs := s.command(failed, "", "import", "survey", file)
	if !strings.Contains(errs, "line 5: questions[1].colour") {
		t.Error(errs)
	}
	if lines := s.do("wave", "list"); lines[0] != "" {
		t.Errorf("something was stored: %v", lines)
	}
}

func TestAWaveFromTheCommandLineToTheAPI(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.do("department", "add", "Finance", "--headcount", "7")
		s.do("department", "add", "Legal & Co, London", "--headcount", "4")
		survey, _ := s.openLibrary()
		if _, errs := s.command(failed, "", "wave", "open", "--survey", survey, "--department", "Sales"); !strings.Contains(errs, "there are: Finance, Legal & Co, London") {
			t.Error(errs)
		}
		out, errs := s.command(done, "", "wave", "open", "--survey", survey, "--label", "Spring", "--department", "Finance", "--department", "Legal & Co, London")
		if !regexp.MustCompile(`^\d+\n(http://127\.0\.0\.1:0/s/[0-9a-z]{26}\n){2}$`).MatchString(out) {
			t.Fatalf("wave open prints %q", out)
		}
		if !strings.Contains(errs, "Legal & Co, London has 4 people and will never be shown") {
			t.Errorf("no warning: %s", errs)
		}
		lines := strings.Split(out, "\n")
		wave, link := lines[0], lines[1][strings.Index(lines[1], "/s/"):]
		token := s.do("token", "add", "--name", "test", "--role", "viewer")[0]
		base := s.serve()
		for range 6 {
			answerOnce(t, base+link)
		}
		if rows := s.do("wave", "list"); len(rows) != 1 || !strings.HasPrefix(rows[0], wave+"\topen\t") {
			t.Errorf("wave list: %q", rows)
		}
		s.do("wave", "close", wave)
		s.do("wave", "close", wave)
		if rows := s.do("wave", "list"); !strings.HasPrefix(rows[0], wave+"\tclosed\t") {
			t.Errorf("wave list: %q", rows)
		}
		var result struct {
			Total  group
			Groups []group
		}
		s.get(base, token, "/api/v1/results/waves/"+wave+"?by=department", &result)
		if !result.Total.Shown || result.Total.N != 6 || len(result.Groups) != 2 || !result.Groups[0].Shown || result.Groups[1].Shown {
			t.Errorf("results: %+v", result)
		}
		s.do("verify")
		s.do("rebuild")
		s.do("verify")
		dir := t.TempDir()
		s.do("export", "responses", "--out", dir)
		file, err := os.ReadFile(filepath.Join(dir, "responses-wave-"+wave+".csv"))
		if err != nil || bytes.Count(file, []byte("\n")) != 7 {
			t.Errorf("exported %v\n%s", err, file)
		}
		s.exported(survey, wave)
	})
}

// answerOnce sends a reply with every scale question in the middle but one, so that not everybody is alike.
func answerOnce(t *testing.T, address string) {
	t.Helper()
	page, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	html, err := io.ReadAll(page.Body)
	if err != nil || page.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %v", page.StatusCode, err)
	}
	receipt := surveys.NewReceipt()
	form := url.Values{"receipt": {string(receipt)}}
	for _, m := range regexp.MustCompile(`name="(q\.[a-z_]+)"[^>]*value="3"|value="3"[^>]*name="(q\.[a-z_]+)"`).FindAllSubmatch(html, -1) {
		form.Set(string(m[1])+string(m[2]), []string{"2", "3", "4", "5"}[int(receipt[len(form)])%4])
	}
	if len(form) < 6 {
		t.Fatalf("the page has only %d scale questions", len(form)-1)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		body, _ := io.ReadAll(answer.Body)
		t.Fatalf("status %d\n%s", answer.StatusCode, body)
	}
}

func TestPasswordsComeFromStandardInput(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		if out, _ := s.command(done, "a long enough password\n", "user", "add", "--email", " Mira@Example.org ", "--role", "author", "--password-stdin"); out != "mira@example.org author\n" {
			t.Errorf("prints %q", out)
		}
		if _, errs := s.command(failed, "short\n", "user", "add", "--email", "x@example.org", "--role", "author", "--password-stdin"); !strings.Contains(errs, "password") {
			t.Error(errs)
		}
	})
}
