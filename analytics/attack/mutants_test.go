package attack

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// weakness is a rule of the gate that is left out: the places in the code where it is, and what stands there instead.
// The program has no switch for it. The compiler is given other files in the place of these, in which off("name") asks
// for the weakness, and testdata/weakened.txt as one more test, which lets the attacker loose on each.
type weakness struct {
	name  string
	open  bool // looks at waves that show results while open
	past  bool // looks at earlier results, which were measured elsewhere
	split bool // looks at halves of departments
	trial bool // looks at departments on which two texts were tried
	edits []replacement
}

type replacement struct{ file, is, becomes string }

func weaknesses() []weakness {
	one := func(name, file, is, becomes string) weakness {
		return weakness{name: name, edits: []replacement{{file, is, becomes}}}
	}
	open := func(w weakness) weakness {
		w.open = true
		return w
	}
	past := func(w weakness) weakness {
		w.past = true
		return w
	}
	split := func(w weakness) weakness {
		w.split = true
		return w
	}
	trial := func(w weakness) weakness {
		w.trial = true
		return w
	}
	const moved = "case d.stirred() && d.moved < k:"
	const ripe = "return e.score.N >= c.minimum && (c.minimum == 1 || !e.tells())"
	return []weakness{
		{name: "minimum", edits: []replacement{
			{"disclosure/rule.go", "case d.n < k:", `case d.n < k && (d.n == 0 || !off("minimum")):`},
			{"disclosure/rule.go", moved, ""},
		}},
		{name: "complement", edits: []replacement{
			{"disclosure/family.go", "func (all solvers) solve() {", "func (all solvers) solve() {\n\tif off(\"complement\") {\n\t\treturn\n\t}"},
			{"disclosure/groups.go", "for !withheld.empty() && !r.safe(&withheld) {", `for !off("complement") && !withheld.empty() && !r.safe(&withheld) {`},
		}},
		one("second margin", "disclosure/family.go", "\tall.settle()\n\tall.giveBackSince(base, solvers.hold)", `	if off("second margin") {
		for _, s := range all {
			for i, row := range s.grid.cells {
				if s.t.Rows[i].Level != Shown {
					hideShown(s.t.Cells[i])
				} else {
					s.rule.protect(&s.grid.rows[i], row, s.t.Cells[i])
				}
			}
		}
		return
	}
	all.settle()
	all.giveBackSince(base, solvers.hold)`),
		one("differences", "disclosure/differences.go", "return t&lowest != 0 &&", `return !off("differences") && t&lowest != 0 &&`),
		one("extremes", "disclosure/digest.go", "func (d *digest) extreme() bool {", "func (d *digest) extreme() bool {\n\tif off(\"extremes\") {\n\t\treturn false\n\t}"),
		one("an option of several", "disclosure/digest.go", "	if none {\n", `	if off("an option of several") {
		for _, c := range counts {
			if c != 0 && c != n {
				return values{}
			}
		}
	}
	if none {
`),
		one("bounds", "disclosure/family.go", "\tall.unpin()\n", "\tif !off(\"bounds\") {\n\t\tall.unpin()\n\t}\n"),
		one("items of a construct", "gate/gate.go", `if !found || q.Construct == "" || doc.Anonymity == surveys.Named {`, `if off("items of a construct") || !found || q.Construct == "" || doc.Anonymity == surveys.Named {`),
		one("the construct beside its items", "disclosure/family.go", "m.withhold(f.Construct)", `if !off("the construct beside its items") {
			m.withhold(f.Construct)
		}`),
		one("what was left out", "gate/items.go", "several := len(items) > 1", `several := !off("what was left out") && len(items) > 1`),
		one("the last item", "disclosure/family.go", "members[len(members)-1].withhold(last.t)", `if !off("the last item") {
			members[len(members)-1].withhold(last.t)
		}`),
		open(weakness{name: "steps", edits: []replacement{
			{"disclosure/steps.go", "case r.named():\n\t\treturn max(uncounted, 0)", "case r.named() || off(\"steps\"):\n\t\treturn max(uncounted, 0)"},
			{"tally/tally.go", ripe, ""},
		}}),
		open(one("steps of each question", "tally/tally.go", ripe, "")),
		open(one("people of one mind", "tally/tally.go", ripe, `return off("steps") || off("steps of each question") ||
		e.score.N >= c.minimum && (c.minimum == 1 || off("people of one mind") || !e.tells())`)),
		open(one("movement", "disclosure/rule.go", moved, `case !off("movement") && !off("minimum") && d.stirred() && d.moved < k:`)),
		open(one("attendance", "disclosure/steps.go", "\tif !open {\n", "\tif !open || off(\"attendance\") {\n")),
		{name: "packs", edits: []replacement{
			{"pack.go", "\tpart.Results = res.Only(holds)\n", `	part.Results = res.Only(holds)
	if off("packs") {
		b, err := r.book(ctx, w)
		if err != nil {
			return part, err
		}
		b.apart(part.Results)
	}
`},
			{"grid.go", "func all(n int) []int {", `// apart decides about each department as if it were the only one.
func (b *book) apart(res *WaveResults) {
	rule := disclosure.Rule{Minimum: b.wave.Questionnaire.Document.SmallestGroup()}
	for _, m := range res.Measures {
		g := b.grid(m.Construct, m.Question)
		for at, of := range res.Units {
			i, ok := slices.BinarySearch(g.Departments, of.Department.ID)
			if !ok {
				continue
			}
			sum := disclosure.Aggregate{}
			for _, cell := range g.Cells[i] {
				sum = sum.Plus(cell)
			}
			if rule.Safe(sum) {
				m.Units[at].Group = g.group(disclosure.Decision{Level: disclosure.Shown}, []int{i}, all(len(g.Bands)), 0)
			}
		}
	}
}

func all(n int) []int {`},
		}},
		split(one("halves that are mixed", "disclosure/halves.go", "if all && g.mixed(r) {", `if all && (off("halves that are mixed") || g.mixed(r)) {`)),
		split(one("halves beside coarse cells", "disclosure/halves.go", "if _, all = r.apart(withoutCoarse(of, told, row), told.Rows[row]); !all {",
			`if _, all = r.apart(withoutCoarse(of, told, row), told.Rows[row]); !all && !off("halves beside coarse cells") {`)),
		trial(one("halves as they are", "gate/halves.go", "	all := map[surveys.DepartmentID]Split{}\n", `	if off("halves as they are") {
		for row := range decided {
			decided[row] = slices.Repeat([]disclosure.Decision{{Level: disclosure.Shown}}, 3)
		}
	}
	all := map[surveys.DepartmentID]Split{}
`)),
		past(one("the rest of earlier results", "history.go", "if groups[0].N <= 0 {", `if off("the rest of earlier results") || groups[0].N <= 0 {`)),
		past(one("joined earlier results", "history.go", "if p.Level == disclosure.Shown {", `if !off("joined earlier results") && p.Level == disclosure.Shown {`)),
		{name: "export by rows", edits: []replacement{
			{"report/gate.go", "func (t table) shows(d surveys.DepartmentID) bool {", "func (t table) shows(d surveys.DepartmentID) bool {\n\tif off(\"export by rows\") {\n\t\treturn true\n\t}"},
			{"report/gate.go", "func (t table) showsBands(d surveys.DepartmentID) bool {", "func (t table) showsBands(d surveys.DepartmentID) bool {\n\tif off(\"export by rows\") {\n\t\treturn true\n\t}"},
		}},
		one("rows without a department", "report/gate.go", "\tfor _, m := range gate.Needs(w.Document, measure) {", `	if off("rows without a department") {
		return true
	}
	for _, m := range gate.Needs(w.Document, measure) {`),
		one("comments of few", "disclosure/comments.go", "return n >= max(CommentMinimum, r.minimum())", `return off("comments of few") || n >= max(CommentMinimum, r.minimum())`),
		{name: "comments with bands", edits: []replacement{
			{"report/comments.go", `columns := []string{"wave", "question", "department", "comment"}`, `columns := []string{"wave", "question", "department", "comment"}
	if off("comments with bands") {
		columns = append(columns, "band")
	}`},
			{"report/comments.go", `return out.row([]string{guarded(src.wave.Label), comment.Question, guarded(department), guarded(known.Mask(comment.Text).In(c.Words))})`, `row := []string{guarded(src.wave.Label), comment.Question, guarded(department), guarded(known.Mask(comment.Text).In(c.Words))}
			if off("comments with bands") {
				row = append(row, src.bands[1])
			}
			return out.row(row)`},
		}},
	}
}

// weakened builds these tests with the weaknesses in the code, none of which is there unless the environment names it.
func weakened(t *testing.T) (program string) {
	t.Helper()
	dir, room := t.TempDir(), ".."
	texts, other := map[string]string{}, map[string]string{}
	for _, w := range weaknesses() {
		for _, e := range w.edits {
			text, ok := texts[e.file]
			if !ok {
				src, err := os.ReadFile(filepath.Join(room, e.file))
				if err != nil {
					t.Fatal(err)
				}
				text = string(src)
			}
			if e.becomes != "" && strings.Count(text, e.is) != 1 {
				t.Fatalf("%s: the rule %q is no longer at %q; say here where it is now", e.file, w.name, e.is)
			}
			if e.becomes != "" {
				text = strings.Replace(text, e.is, e.becomes, 1)
			}
			texts[e.file] = text
		}
	}
	write := func(file, text string) {
		path, err := filepath.Abs(filepath.Join(room, file))
		if err != nil {
			t.Fatal(err)
		}
		other[path] = filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(other[path], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	switches := map[string]string{}
	for file, text := range texts {
		write(file, text)
		folder := filepath.Dir(file)
		switches[folder] = strings.SplitN(text[strings.Index(text, "\npackage ")+1:], "\n", 2)[0]
		if strings.HasPrefix(text, "package ") {
			switches[folder] = strings.SplitN(text, "\n", 2)[0]
		}
	}
	for folder, clause := range switches {
		write(filepath.Join(folder, "off.go"), clause+`

var without string

// Without leaves a rule out.
func Without(rule string) { without = rule }

func off(rule string) bool { return without == rule }
`)
	}
	each, err := os.ReadFile("testdata/weakened.txt")
	if err != nil {
		t.Fatal(err)
	}
	write("attack/weakened_test.go", string(each))
	overlay, err := json.Marshal(map[string]any{"Replace": other})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(dir, "attack.test")
	build := exec.Command("go", "test", "-c", "-overlay", list, "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// The attackers are worth something only if they find what each rule of the gate keeps back.
func TestTheAttackFindsTheLeakInEveryWeakenedGate(t *testing.T) {
	out, err := exec.Command(weakened(t), "-test.run", "^TestEachWeakenedGateLeaks$", "-test.v").CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	if found := strings.Count(string(out), "without "); found < len(weaknesses()) {
		t.Errorf("%d of %d were tried", found, len(weaknesses()))
	}
}
