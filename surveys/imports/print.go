package imports

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// String is the report as it is read in a terminal. Headings and labels are quoted, so that nothing in a file can
// steer the terminal.
func (r *Report) String() string {
	var b strings.Builder
	r.summary(&b)
	r.questions(&b)
	r.faults(&b)
	return b.String()
}

// WriteTo writes what String returns.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, r.String())
	return int64(n), err
}

func (r *Report) summary(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s, %s\n", r.File, r.Format, count(r.Rows, "row"))
	switch {
	case r.BadRows > 0:
		fmt.Fprintf(b, "  %s cannot be imported; nothing was stored\n", count(r.BadRows, "row"))
	case r.DryRun:
		fmt.Fprintf(b, "  dry run, nothing was stored: %d new, %d already there, %s\n", r.New, r.Existing, count(r.Comments, "new comment"))
	default:
		fmt.Fprintf(b, "  %d new, %d already there, %s\n", r.New, r.Existing, count(r.Comments, "new comment"))
	}
	for _, s := range []struct {
		n   int
		why string
	}{
		{r.NothingAnswered, "skipped: nothing answered"},
		{r.SkippedWave, "skipped: no wave"},
		{r.SkippedDepartment, "skipped: no department"},
		{r.Short, "shorter than the header: the missing cells count as empty"},
	} {
		if s.n > 0 {
			fmt.Fprintf(b, "  %s %s\n", count(s.n, "row"), s.why)
		}
	}
	for _, w := range r.Waves {
		made := ""
		if w.Created {
			made = " (a new wave)"
		}
		fmt.Fprintf(b, "  wave %s%s: %d new, %d already there\n", strconv.Quote(w.Label), made, w.New, w.Existing)
	}
	if n := len(r.NewDepartments); n > 0 {
		fmt.Fprintf(b, "  %s: %s\n", count(n, "new department"), listed(r.NewDepartments))
	}
	if n := len(r.NewBands); n > 0 {
		fmt.Fprintf(b, "  %s: %s\n", count(n, "new band"), listed(r.NewBands))
	}
}

func (r *Report) questions(b *strings.Builder) {
	width, anyHidden := len("question"), false
	for _, q := range r.Questions {
		width = max(width, len(q.ID))
		anyHidden = anyHidden || q.Hidden > 0
	}
	fmt.Fprintf(b, "\n%-*s  %9s  %9s  %9s", width, "question", "matched", "empty", "unmatched")
	if anyHidden {
		fmt.Fprintf(b, "  %9s", "not shown")
	}
	b.WriteByte('\n')
	for _, q := range r.Questions {
		fmt.Fprintf(b, "%-*s  %9d  %9d  %9d", width, q.ID, q.Matched, q.Empty, q.Unmatched)
		if anyHidden {
			fmt.Fprintf(b, "  %9d", q.Hidden)
		}
		b.WriteByte('\n')
	}
}

func (r *Report) faults(b *strings.Builder) {
	for _, f := range r.Faults {
		fmt.Fprintf(b, "\n%s", f.Subject)
		if f.Column != "" {
			fmt.Fprintf(b, ", column %s", strconv.Quote(f.Column))
		}
		fmt.Fprintf(b, ": %s\n  %s: %s", f.Class, count(f.Rows, "row"), f.lines())
		b.WriteByte('\n')
		for _, l := range f.Labels {
			fmt.Fprintf(b, "  %6d x %s\n", l.Rows, strconv.Quote(l.Label))
		}
		if f.MoreLabels > 0 {
			fmt.Fprintf(b, "  %6d x other labels\n", f.MoreLabels)
		}
	}
}

func (f *FaultReport) lines() string {
	var b strings.Builder
	b.WriteString("line ")
	for i, line := range f.Lines {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(line))
	}
	if more := f.Rows - len(f.Lines); more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	return b.String()
}

// count writes a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
