// Package rpc speaks for the engine: it holds every method once, in one table,
// and serves it to clients on whatever front they use. It holds no state of the
// workspace; that is in the engine's rooms.
//
//	client -> front (rpc/editor or rpc/script) -> Session.Handle -> methods[name]
//	       -> decode into a shape of rpc/wire -> ONE method of a room -> convert -> front -> client
//
// What the engine has to tell goes the other way without anyone's asking for it:
//
//	room rings a bell -> the session's pump looks -> reads from its cursors -> front.Notify
//
// A session has two goroutines that are ours, the front's reader and the pump.
// Handlers run on the front's, one after the other, until they call overlap.
package rpc
