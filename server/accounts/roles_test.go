package accounts

import "testing"

func TestWhoMayDoWhat(t *testing.T) {
	permissions := []Permission{ReadResults, ExportResponses, ReadComments, EditSurveys, RunWaves, ManagePeople, ManageSettings, ManageAccounts, Converse}
	for role, want := range map[Role]string{
		Admin:   "yyyyyyyyy",
		Author:  "ynnyyynny",
		Analyst: "yyynnnnny",
		Viewer:  "ynnnnnnnn",
		"":      "nnnnnnnnn",
		"root":  "nnnnnnnnn",
		"ADMIN": "nnnnnnnnn",
	} {
		got := ""
		for _, p := range permissions {
			if role.May(p) {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", role, got, want)
		}
		if role.May("") || role.May("something new") {
			t.Errorf("%q has a permission that does not exist", role)
		}
		if known := len(role) > 0 && role != "root" && role != "ADMIN"; role.Valid() != known {
			t.Errorf("%q: valid is %v", role, role.Valid())
		}
	}
}
