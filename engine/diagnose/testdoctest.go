package diagnose

// doctestLine reads Python's doctest, whose failures have the place above.
//
//	File "/p/dt.py", line 3, in dt.add
//	Failed example:
func doctestLine(r *Reader, text, s string, width int) bool {
	if text != "Failed example:" {
		return false
	}
	line, at := r.before.back(1)
	f, ok := pythonFrame(string(line))
	if !ok || at+1 != r.at || f.Func == "" {
		return false
	}
	r.tests.known(r, "doctest.py")
	r.tests.emit(r, Test{Name: f.Func, Status: Failed, Place: f.Place})
	return true
}
