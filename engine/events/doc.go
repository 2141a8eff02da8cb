// Package events tells readers what has happened: edges such as "web has
// exited". It is not for levels (logs grew, a process changed its state):
// those are read from their rooms after a bell.
//
// One bounded ring holds the newest events for everyone; a subscription is a
// position in it. Publishing costs the same however many subscribe, and a
// subscriber that is overtaken is told exactly how many of its events it
// missed. Nothing here waits for a subscriber.
package events
