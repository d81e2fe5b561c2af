package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed is one package of the program, as go list tells it.
type listed struct {
	ImportPath  string
	Name        string
	Dir         string
	Imports     []string
	GoFiles     []string
	TestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Name,Dir,Imports,GoFiles,TestImports", "soundings/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func within(path string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool {
		room = "soundings/" + room
		return path == room || strings.HasPrefix(path, room+"/")
	})
}

// Imports run one way, and each library is known to the rooms that need it only.
func TestImportsKeepToTheHouse(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if reason := breaks(p.ImportPath, imported); reason != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imported, reason)
			}
		}
	}
}

func breaks(path, imported string) string {
	ours := strings.HasPrefix(imported, "soundings/")
	switch {
	case path == "soundings/surveys" && strings.Contains(imported, "."):
		return "the language of the program is pure"
	case path == "soundings/surveys" && ours:
		return "the language of the program knows no other room"
	case within(path, "surveys") && within(imported, "analytics", "server"):
		return "surveys knows neither analytics nor server"
	case within(path, "analytics") && within(imported, "server"):
		return "analytics does not know server"
	case within(path, "static", "analytics/stats", "analytics/disclosure") && ours:
		return "this room imports nothing of ours"
	case strings.HasPrefix(imported, "gorm.io/") && !ownsTables(path):
		return "GORM belongs to rooms that own tables"
	case strings.HasPrefix(imported, "github.com/gofiber/") && !within(path, "server/web"):
		return "only server/web knows Fiber"
	case strings.HasPrefix(imported, "github.com/go-echarts/") && !within(path, "analytics/chart"):
		return "only analytics/chart knows go-echarts"
	case within(path, "server/web") && within(imported, "analytics/tally"):
		return "pages read figures through analytics, which asks the gate"
	}
	return ""
}

func ownsTables(path string) bool {
	return within(path, "surveys") && path != "soundings/surveys" || within(path, "analytics/tally", "server/accounts")
}

// The rule above must be able to fail.
func TestForbiddenImportsAreFound(t *testing.T) {
	for path, imported := range map[string]string{
		"soundings/surveys":              "gorm.io/gorm",
		"soundings/surveys/intake":       "soundings/analytics/tally",
		"soundings/analytics":            "gorm.io/gorm",
		"soundings/analytics/stats":      "soundings/surveys",
		"soundings/analytics/report":     "soundings/server/web",
		"soundings/server":               "github.com/gofiber/fiber/v2",
		"soundings/server/web":           "soundings/analytics/tally",
		"soundings/server/demo":          "gorm.io/gorm",
		"soundings/static":               "soundings/surveys",
		"soundings/analytics/disclosure": "soundings/surveys",
	} {
		if breaks(path, imported) == "" {
			t.Errorf("%s may import %s", path, imported)
		}
	}
}

func TestPackagesAreNamedAfterWhatTheyDo(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains([]string{"util", "utils", "common", "helpers", "models", "types"}, p.Name) {
			t.Errorf("%s says nothing about what it does", p.ImportPath)
		}
	}
}

// What runs before main, and what anybody may change, cannot be followed.
func TestNoInitAndNoVariablesThatChange(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: %s has an init function", p.ImportPath, name)
				}
			}
			for _, v := range assigned(file) {
				t.Errorf("%s: %s changes the package variable %s", p.ImportPath, name, v)
			}
		}
	}
}

// assigned lists package variables of a file that one of its functions assigns to.
func assigned(file *ast.File) []string {
	variables := map[string]bool{}
	for _, decl := range file.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					variables[name.Name] = name.Name != "_"
				}
			}
		}
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || assign.Tok == token.DEFINE {
			return true
		}
		for _, left := range assign.Lhs {
			if id, ok := left.(*ast.Ident); ok && variables[id.Name] && id.Obj != nil && id.Obj.Decl != nil {
				if _, isSpec := id.Obj.Decl.(*ast.ValueSpec); isSpec && id.Obj.Pos() < file.End() && file.Scope.Lookup(id.Name) == id.Obj {
					found = append(found, id.Name)
				}
			}
		}
		return true
	})
	return found
}

// The four rooms at the top are fixed; anything else there is hidden or a file that a user expects.
func TestTheTopHoldsOnlyWhatItMay(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"server", "surveys", "analytics", "static", "docker-compose.yml", "go.mod", "go.sum", "README.md",
		"LICENSE", "CHANGELOG.md", "BENCHMARKS.md", "Dockerfile"}
	tracked, err := exec.Command("git", "-C", "..", "ls-files", "--directory").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		known := bytes.Contains(tracked, []byte("\n"+e.Name())) || bytes.HasPrefix(tracked, []byte(e.Name()))
		if known && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top", e.Name())
		}
	}
}
