package diagnose

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// xmlReport reads JUnit's form of test results, and Checkstyle's of problems.
// A document that breaks off is read as far as it goes.
//
//	<testcase classname="cart" name="adds" time="0.001"/>
//	<testcase classname="cart" name="is wrong"><failure message="2 != 3">...</failure></testcase>
//
//	<file name="/p/a.js"><error line="1" column="8" severity="warning" message="..." source="eslint.rules.semi"/></file>
//	<file name="/p/a.php"><warning line="1" column="8" source="PSR1.Files">text</warning></file>
func (r *Reader) xmlReport(text []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	w := &xmlWalk{r: r}
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			w.start(e)
		case xml.EndElement:
			w.end(e.Name.Local)
		case xml.CharData:
			if w.failure || w.found != nil {
				w.text.Write(e)
			}
		}
	}
	if w.sum.Passed+w.sum.Failed+w.sum.Skipped > 0 {
		r.tests.summary(r, w.sum)
		return true
	}
	return w.file != ""
}

// xmlWalk is a walk through a report.
type xmlWalk struct {
	r       *Reader
	c       *Test // the case that is open
	failure bool
	text    strings.Builder // of its failure
	sum     Summary
	file    string   // that problems are of
	found   *Problem // whose element is open
}

func (w *xmlWalk) start(e xml.StartElement) {
	a := map[string]string{}
	for _, attribute := range e.Attr {
		a[attribute.Name.Local] = attribute.Value
	}
	if w.c == nil && w.file != "" && a["line"] != "" {
		w.problem(e.Name.Local, a)
		return
	}
	switch e.Name.Local {
	case "testcase":
		w.c = &Test{Name: junitName(a["classname"], a["name"]), Status: Passed, DurationMs: decimal(a["time"]) * 1000, Framework: "junit", At: w.r.at}
		if n, d := number(a["line"]); d > 0 && isPath(a["file"]) {
			w.c.Place = Place{File: a["file"], Line: n}
		}
	case "failure", "error":
		if w.c != nil {
			w.c.Status, w.failure = Failed, true
			w.c.Message = a["message"]
		}
	case "skipped":
		if w.c != nil {
			w.c.Status = Skipped
		}
	case "file":
		w.file = a["name"]
	}
}

func (w *xmlWalk) end(name string) {
	if w.found != nil {
		if w.found.Message == "" {
			w.found.Message = trim(w.text.String())
		}
		w.r.problem(*w.found)
		w.found = nil
		w.text.Reset()
		return
	}
	switch {
	case name == "failure" || name == "error":
		w.failure = false
	case name == "testcase" && w.c != nil:
		w.r.tests.known(w.r, "junit")
		w.r.tests.reportedCase(w.r, *w.c, w.text.String())
		w.sum.count(w.c.Status)
		w.c = nil
		w.text.Reset()
	}
}

// problem opens what an element in a <file> says of a line. Its severity is an
// attribute or the element's name, its message an attribute or the element's text.
func (w *xmlWalk) problem(name string, a map[string]string) {
	sev, n := severityWord(a["severity"])
	if n == 0 {
		sev, n = severityWord(name)
	}
	line, d := number(a["line"])
	if n == 0 || d == 0 {
		return
	}
	source, _ := sourceOf(w.file)
	p := Problem{Place: Place{File: w.file, Line: line, Unit: UTF16}, Severity: sev, Message: a["message"], Code: a["source"], Source: source}
	p.Col, _ = number(a["column"])
	w.found = &p
}

// junitName joins a class and a case: "com.shop.CartTest.adds", "cart is wrong";
// a class that is the file, or that the name repeats, is left out.
func junitName(class, name string) string {
	switch {
	case class == "" || isScript(class) || strings.HasPrefix(name, class):
		return name
	case strings.Contains(class, ".") && !strings.Contains(class, " "):
		return class + "." + name
	}
	return class + " " + name
}

// isScript tells the file "cart.test.ts" from the class "test_shop.Cart".
func isScript(class string) bool {
	return isJavaScript(class) || strings.Contains(class, "/")
}
