package web

import (
	"net/http"
	"slices"
	"testing"

	exits "soundings/analytics/attack"
	"soundings/server/accounts"
)

// Every page, file and address of the API that may show figures of respondents is known to the attackers, who take all
// of them together and solve for too few people; or is known to show none.
func TestEveryRouteThatMayShowFiguresIsAttacked(t *testing.T) {
	known := slices.Clone(exits.Silent())
	for _, exit := range exits.Exits() {
		known = append(known, exit.Shows...)
	}
	for _, exit := range exits.PastExits() {
		known = append(known, exit.Shows...)
	}
	reads := []accounts.Permission{accounts.ReadResults, accounts.ReadComments, accounts.ExportResponses, accounts.RunWaves}
	var asked []string
	for _, r := range (&Server{}).routes() {
		address := r.method + " " + r.path
		written := r.access.permission == accounts.EditSurveys && slices.Contains(known, address) // a form that stands beside figures
		if r.method != http.MethodGet || r.path != "/" && !slices.Contains(reads, r.access.permission) && !written {
			continue
		}
		asked = append(asked, address)
		if !slices.Contains(known, address) {
			t.Errorf("nothing attacks what %s shows: enter it in analytics/attack/exits.go, with the exit whose figures it takes or one of its own", address)
		}
	}
	for _, address := range known {
		if address[:4] == http.MethodGet+" " && !slices.Contains(asked, address) {
			t.Errorf("%s is entered in analytics/attack/exits.go and is not in the route table", address)
		}
	}
}
