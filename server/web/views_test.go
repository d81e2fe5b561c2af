package web

import (
	"testing"

	"soundings/surveys/store/storetest"
)

// A page is parsed when it is first asked for, so nothing else finds a fault in one that nobody asks for.
func TestEveryPageCanBeParsed(t *testing.T) {
	views := newHolder(t, storetest.SQLite(t)).views
	for name := range views.pages {
		if _, err := views.set(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := views.set("staff/there-is-none"); err == nil {
		t.Error("a page that does not exist has templates")
	}
}
