package detect

// stampLen is the length of the time stamp that b begins with, the blanks
// behind it included; 0 if there is none.
//
//	2026-11-23T09:05:35.239Z  2026/11/23 09:05:35  [9:05:03 AM]  09:06:58,123  Nov 23 09:05:35
//	[Fri Nov 27 02:58:07.123 2026]
func stampLen(b []byte) int {
	if len(b) < 6 {
		return 0
	}
	i := 0
	bracket := b[0] == '['
	if bracket {
		i++
		if isLetter(b[1]) && isLetter(b[2]) && isLetter(b[3]) && b[4] == ' ' { // a day of the week
			i += 4
		}
	}
	n := dateLen(b[i:])
	i += n
	m := clockLen(b[i:])
	i += m
	if i > 16 && i+5 < len(b) && b[i] == ' ' && digits(b[i+1:i+5]) { // the year, in C's order
		i += 5
	}
	if n+m == 0 || m == 0 && i < len(b) && isWord(b[i]) {
		return 0
	}
	if bracket {
		if i >= len(b) || b[i] != ']' {
			return 0 // [2024-01-01 ERROR app]: levelOf looks into it
		}
		i++
	}
	return i + stampEnd(b[i:])
}

// stampEnd is the length of what stands between a time stamp and the text.
func stampEnd(b []byte) int {
	i := 0
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i > 0 && i+1 < len(b) && (b[i] == '-' || b[i] == '|') && b[i+1] == ' ' {
		i += 2
	}
	return i
}

func isMonth(b []byte) bool {
	switch string(b) {
	case "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
		return true
	}
	return false
}

// dateLen: 2026-11-23, 2026/11/23, 01/Jan/2024, Nov 23; with the separator behind
// it.
func dateLen(b []byte) int {
	if len(b) < 6 {
		return 0
	}
	if isLetter(b[0]) {
		if b[3] == ' ' && (isDigit(b[4]) || b[4] == ' ') && isDigit(b[5]) && isMonth(b[:3]) {
			return min(7, len(b))
		}
		return 0
	}
	if len(b) >= 10 && digits(b[:4]) && (b[4] == '-' || b[4] == '/') && b[7] == b[4] && digits(b[5:7]) && digits(b[8:10]) {
		if len(b) > 10 && (b[10] == 'T' || b[10] == ' ' || b[10] == '_') {
			return 11
		}
		return 10
	}
	if len(b) >= 12 && digits(b[:2]) && b[2] == '/' && isLetter(b[3]) && b[6] == '/' && digits(b[7:11]) {
		return 12
	}
	return 0
}

// clockLen: 9:05:03 AM, 09:06:58.123+01:00, 10:20:30,123.
func clockLen(b []byte) int {
	if len(b) < 4 || b[1] != ':' && b[2] != ':' { // most numbers are none
		return 0
	}
	h, n := leadingInt(b)
	if n == 0 || n > 2 || h > 24 || len(b) < n+3 || b[n] != ':' || !digits(b[n+1:n+3]) {
		return 0
	}
	i := n + 3
	if i+2 < len(b) && b[i] == ':' && digits(b[i+1:i+3]) {
		i += 3
	}
	if i < len(b) && (b[i] == '.' || b[i] == ',') {
		_, m := leadingInt(b[i+1:])
		i += 1 + m
	}
	if i < len(b) && isWord(b[i]) && b[i] != 'Z' || i < len(b) && b[i] == ':' {
		return 0
	}
	return i + zoneLen(b[i:])
}

// zoneLen: Z, +01:00, -0700, " +0000", " AM", " UTC".
func zoneLen(b []byte) int {
	i := 0
	if len(b) > 0 && b[0] == 'Z' {
		return 1
	}
	if len(b) > 3 && b[0] == ' ' && (string(b[1:3]) == "AM" || string(b[1:3]) == "PM") {
		return 3
	}
	if len(b) > 4 && string(b[:4]) == " UTC" {
		return 4
	}
	if len(b) > 2 && b[0] == ' ' {
		i = 1
	}
	if len(b) >= i+5 && (b[i] == '+' || b[i] == '-') && digits(b[i+1:i+3]) {
		if b[i+3] == ':' && len(b) >= i+6 && digits(b[i+4:i+6]) {
			return i + 6
		}
		if digits(b[i+3 : i+5]) {
			return i + 5
		}
	}
	return 0
}

func digits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return true
}
