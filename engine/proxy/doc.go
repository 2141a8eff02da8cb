// Package proxy stands between a browser and a development server: it forwards
// requests on loopback, remembers them, and puts our script into pages. It is
// not a forward proxy, it keeps no page and no certificate, and it knows
// nothing of processes but a name.
//
//	browser --> Proxy.ServeHTTP: Host and Origin checked
//	              /__brummer__/...  --> telemetry
//	              everything else   --> exchange begun in History
//	                --> httputil.ReverseProxy: rewrite.go --> target
//	                <-- passage.go: recorded, tag put into pages (inject), streamed
//	              exchange ended in History --> whoever asks
//
// Recording never holds up traffic: a request costs one entry, and what does not
// fit is dropped from the oldest end and counted.
package proxy
