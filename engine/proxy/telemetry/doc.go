// Package telemetry keeps what pages report of themselves through our script:
// loads, console output, errors, requests, web vitals. It does no I/O and asks
// no clock. Reports are a stranger's words: every text is cleaned and cut, and
// what comes too fast or does not fit is dropped and counted.
//
//	t.js (script/src) --beacon--> Parse --> Store.Add --> events, to whoever asks
package telemetry
