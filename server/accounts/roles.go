package accounts

import "slices"

// Role is what a member of staff or an API token may do.
type Role string

const (
	Admin   Role = "admin"   // everything, and the accounts
	Author  Role = "author"  // writes surveys and runs waves
	Analyst Role = "analyst" // reads everything that was answered
	Viewer  Role = "viewer"  // reads results
)

// Roles lists every role, the most powerful first.
func Roles() []Role { return []Role{Admin, Author, Analyst, Viewer} }

// Valid reports whether the role is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Permission is one thing that a role may or may not do. Each route names the one it needs.
type Permission string

const (
	ReadResults     Permission = "read results"
	ExportResponses Permission = "export responses"
	ReadComments    Permission = "read comments"
	EditSurveys     Permission = "edit surveys"
	RunWaves        Permission = "run waves"
	ManagePeople    Permission = "manage people"   // departments, bands, the directory
	ManageSettings  Permission = "manage settings" // the organisation, mail, webhooks
	ManageAccounts  Permission = "manage accounts"
	Converse        Permission = "converse" // carries the conversation: visits, ideas, promises, champions
)

// May reports whether the role has the permission. Unknown roles and unknown permissions have nothing.
func (r Role) May(p Permission) bool { return slices.Contains(holders(p), r) }

// holders is the table of who may do what.
func holders(p Permission) []Role {
	switch p {
	case ReadResults:
		return []Role{Admin, Author, Analyst, Viewer}
	case ExportResponses, ReadComments:
		return []Role{Admin, Analyst}
	case EditSurveys, RunWaves, ManagePeople:
		return []Role{Admin, Author}
	case Converse:
		return []Role{Admin, Author, Analyst}
	case ManageAccounts, ManageSettings:
		return []Role{Admin}
	}
	return nil
}
