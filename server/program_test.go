package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/server/web/webtest"
	"soundings/surveys/store"
	"soundings/surveys/store/storetest"
)

// asProgram in the environment makes the test binary the program itself, for tests that need it as a process: building it
// once more would take longer than most of them.
const asProgram = "TESTED_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(webtest.Main(m))
}

// site is one installation under test: a database and a secret, worked on with the real commands.
type site struct {
	t    *testing.T
	args []string
}

// eachSite runs a test on an SQLite and on a MariaDB installation.
func eachSite(t *testing.T, test func(t *testing.T, s *site)) {
	for _, kind := range []store.Dialect{store.SQLite, store.MySQL} {
		t.Run(string(kind), func(t *testing.T) { test(t, newSite(t, kind)) })
	}
}

func newSite(t *testing.T, kind store.Dialect) *site {
	t.Helper()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(strings.Repeat("0123456789abcdef", 4)), 0o600); err != nil {
		t.Fatal(err)
	}
	return &site{t, []string{"--database", storetest.Address(t, kind), "--secret-file", secret, "--listen", "127.0.0.1:0"}}
}

// command runs a command that must exit with the code, and returns what it printed.
func (s *site) command(code int, input string, args ...string) (out, errs string) {
	s.t.Helper()
	var o, e bytes.Buffer
	got := run(s.t.Context(), append(args, s.args...), environment{in: strings.NewReader(input), out: &o, err: &e})
	if got != code {
		s.t.Fatalf("soundings %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, o.String(), e.String())
	}
	return o.String(), e.String()
}

// do runs a command that must succeed and returns the lines it printed.
func (s *site) do(args ...string) []string {
	s.t.Helper()
	out, _ := s.command(done, "", args...)
	return strings.Split(strings.TrimRight(out, "\n"), "\n")
}

// serve starts the real program on a free port and returns its address. It stops with the test.
func (s *site) serve() string {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan int, 1)
	var log bytes.Buffer
	go func() {
		ended <- run(ctx, append([]string{"serve"}, s.args...), environment{in: strings.NewReader(""), out: io.Discard, err: &log, ready: func(a string) { ready <- a }})
	}()
	s.t.Cleanup(func() {
		stop()
		if code := <-ended; code != done {
			s.t.Errorf("serve ended with code %d\n%s", code, log.String())
		}
	})
	select {
	case address := <-ready:
		return "http://" + address
	case code := <-ended:
		ended <- code
		s.t.Fatalf("serve ended with code %d\n%s", code, log.String())
	case <-time.After(time.Minute):
		s.t.Fatal("serve does not become ready")
	}
	return ""
}

// get asks the API and reads its JSON answer.
func (s *site) get(base, token, path string, into any) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: status %d, %v\n%s", path, answer.StatusCode, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		s.t.Fatal(err)
	}
}
