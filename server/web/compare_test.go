package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"soundings/server/accounts"
	"soundings/surveys/store/storetest"
)

func TestAComparisonStandsInItsAddressAndSaysWhatCannotBeCompared(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t)).staffed()
	viewer, _ := o.member(accounts.Viewer)
	if page := o.as(viewer, "/compare").body; !strings.Contains(page, "There is nothing to compare yet") {
		t.Errorf("without a wave: %s", page)
	}
	first, second := o.answered(20, 11), o.answered(21, 3)
	other := o.answered(12, 8)
	limited, _ := o.member(accounts.Analyst, 1)
	wave := fmt.Sprintf("wave=%d&", first.ID)
	for _, test := range []struct {
		query, want string
		status      int
	}{
		{wave + "group=department-1&with=department-2", "differ clearly from Legal &amp; Tax", http.StatusOK},
		{wave + "group=band-1&with=band-2", " in openness.", http.StatusOK},
		{wave + "group=department-2", "differ clearly from all others", http.StatusOK},
		{wave + "group=department-1&with=department-1", "The two have people in common", http.StatusOK},
		{wave + "group=department-1&with=band-1", "The two have people in common", http.StatusOK},
		{wave + "group=everyone", "The two have people in common", http.StatusOK},
		{fmt.Sprintf("wave=%d&group=department-2&with=department-1", second.ID), "too little may be shown", http.StatusOK},
		{fmt.Sprintf("wave=%d", second.ID), " – too few", http.StatusOK},
		{wave + fmt.Sprintf("group=everyone&with=wave-%d", other.ID), "The organisation shows no clear difference in openness between", http.StatusOK},
		{wave + "group=everyone&with=wave-99", "names nothing that exists", http.StatusUnprocessableEntity},
		{wave + "group=department-99", "names nothing that exists", http.StatusUnprocessableEntity},
		{"wave=99", "names nothing that exists", http.StatusUnprocessableEntity},
	} {
		r := o.as(viewer, "/compare?"+test.query)
		if r.status != test.status || !strings.Contains(r.body, test.want) {
			t.Errorf("%s: status %d, without %q\n%s", test.query, r.status, test.want, r.body)
		}
	}
	for query, status := range map[string]int{"group=department-1": http.StatusOK, "group=department-2": http.StatusForbidden,
		"group=department-1&with=department-2": http.StatusForbidden, "group=band-1": http.StatusForbidden} {
		if r := o.as(limited, "/compare?"+wave+query); r.status != status || strings.Contains(r.body, "Legal") {
			t.Errorf("somebody limited to Finance, %s: status %d, want %d", query, r.status, status)
		}
	}
	for _, ending := range []string{"json", "svg"} {
		if r := o.as(viewer, "/compare/chart."+ending+"?"+wave+"group=department-1&with=department-2"); r.status != http.StatusOK || !strings.Contains(r.body, "Openness to change") {
			t.Errorf("the chart as %s: status %d", ending, r.status)
		}
	}
}
