package web

import "soundings/server/accounts"

// navGroup is a part of the menu: a heading, and the pages under it that this person may open.
type navGroup struct {
	Words   string // key of its heading
	Entries []navEntry
}

// navEntry is a page of the menu. Pages beneath it name it as theirs: s.frame(c, title, Here).
type navEntry struct {
	Here, Path, Words string
	Needs             accounts.Permission // as in the route table
}

// navigation is the whole menu, in the order in which it stands at a desk and on a phone. layout.html draws both from it.
func navigation() []navGroup {
	return []navGroup{
		{"nav_group_results", []navEntry{
			{"overview", "/", "nav_overview", accounts.ReadResults},
			{"trend", "/trend", "nav_trend", accounts.ReadResults},
			{"results", "/results", "nav_results", accounts.ReadResults},
			{"departments", "/departments", "nav_departments", accounts.ReadResults},
			{"compare", "/compare", "nav_compare", accounts.ReadResults},
			{"comments", "/comments", "nav_comments", accounts.ReadComments},
			{"history", "/history", "nav_history", accounts.ReadResults},
			{"exports", "/exports", "nav_exports", accounts.ReadResults},
		}},
		{"nav_group_conversation", []navEntry{
			{"week", "/week", "nav_week", accounts.ReadResults},
			{"changes", "/changes", "nav_changes", accounts.ReadResults},
			{"visits", "/visits", "nav_visits", accounts.ReadResults},
			{"ideas", "/ideas", "nav_ideas", accounts.ReadResults},
			{"promises", "/promises", "nav_promises", accounts.ReadResults},
			{"champions", "/champions", "nav_champions", accounts.ReadResults},
			{"milestones", "/milestones", "nav_milestones", accounts.ReadResults},
			{"packs", "/packs", "nav_packs", accounts.ReadResults},
		}},
		{"nav_group_surveys", []navEntry{
			{"surveys", "/surveys", "nav_surveys", accounts.EditSurveys},
			{"waves", "/waves", "nav_waves", accounts.ReadResults},
			{"people", "/people", "nav_people", accounts.ManagePeople},
			{"library", "/library", "nav_library", accounts.EditSurveys},
		}},
		{"nav_group_administration", []navEntry{
			{"settings", "/settings", "nav_settings", accounts.ManageSettings},
			{"webhooks", "/settings/webhooks", "nav_webhooks", accounts.ManageSettings},
			{"accounts", "/accounts", "nav_accounts", accounts.ManageAccounts},
			{"tokens", "/tokens", "nav_tokens", accounts.ManageAccounts},
			{"audit", "/audit", "nav_audit", accounts.ManageAccounts},
		}},
	}
}

// Menu is what of the navigation this person can open. A group of which that is nothing is left out.
func (f frame) Menu() []navGroup {
	var menu []navGroup
	for _, group := range navigation() {
		var open []navEntry
		for _, entry := range group.Entries {
			if f.User.Role.May(entry.Needs) {
				open = append(open, entry)
			}
		}
		if len(open) > 0 {
			menu = append(menu, navGroup{group.Words, open})
		}
	}
	return menu
}

// First is the page that the heading of a group leads to.
func (g navGroup) First() navEntry { return g.Entries[0] }

// Holds reports whether a page of the group is the entry here.
func (g navGroup) Holds(here string) bool {
	for _, entry := range g.Entries {
		if entry.Here == here {
			return true
		}
	}
	return false
}

// Current is the value of aria-current for an entry: whether it is this page, has this page beneath it, or neither ("").
func (f frame) Current(entry navEntry) string {
	switch {
	case entry.Here != f.Here:
		return ""
	case entry.Path == f.path:
		return "page"
	}
	return "true"
}
