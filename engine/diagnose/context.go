package diagnose

// context is what earlier lines said that later ones need.
type context struct {
	head   head    // the last line that began an error
	aside  barePos // the same in a form of some compilers, whose message comes later
	bare   barePos // the last line that was nothing but a place
	shown  shown
	pkg    string // the package that a build speaks of: "# example.com/x"
	pkgAt  uint64 // the last line that was about it
	vet    bool   // go vet speaks of it
	sev    pendingHead
	file   failedFile
	source string   // of the last problem: whose the count at the end is
	dirs   []string // that a build has entered, the last first; never changed in place
	py     *pyBlock // the last traceback, whose end is not told as long as a chain may go on with it
}

// head is a line that begins an error: its frames may follow.
type head struct {
	typ, message string
	at           uint64
	until        uint64 // the last line that is known to belong to it; 0 for at
	first        uint64 // where its source excerpt began; at without one
	place        Place  // of the excerpt
	fatal        bool
}

// barePos is a line that is a place and nothing else.
type barePos struct {
	Place
	at uint64
}
