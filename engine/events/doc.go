// Package events tells readers what has happened: edges such as "web has
// exited". It is not for levels (logs grew, a process changed its state): those
// are read from their rooms after a bell.
//
//	Publish -> one bounded ring, for all
//	              ^ a position per subscription: pulled by its reader (Subscribe)
//	              ^ a position per handler: called by a fixed set of workers (Handle)
//
// Publishing costs the same however many listen, and starts nothing. Whoever is
// overtaken is told exactly how many of its events it has missed. The ring is
// bounded in events and in bytes.
package events
