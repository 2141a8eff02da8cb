package detect

import (
	"bytes"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// keyLevel reads level=error, lvl=warn, severity=ERROR and their quoted forms. A
// number is none: "gzip level=1" speaks of something else.
func keyLevel(text []byte) (lines.Level, bool) {
	for _, key := range [...]string{"level=", "lvl=", "severity="} {
		if level, ok := levelBehind(text, key); ok {
			return level, true
		}
	}
	return 0, false
}

// levelBehind reads the first level behind the key, but for those inside a quoted
// text: msg="set level=error".
func levelBehind(text []byte, key string) (lines.Level, bool) {
	quoted := false
	for from := 0; ; {
		at := bytes.Index(text[from:], []byte(key))
		if at < 0 {
			return 0, false
		}
		quoted = quoted != oddQuotes(text[from:from+at])
		at += from
		from = at + len(key)
		if quoted || at > 0 && isWord(text[at-1]) {
			continue
		}
		if level, ok := wordValue(text[from:]); ok {
			return level, true
		}
	}
}

// oddQuotes reports whether a quoted text begins or ends in b.
func oddQuotes(b []byte) (odd bool) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			odd = !odd
		}
	}
	return odd
}

// isLevelKey reports whether a structured logger's level is under this key.
func isLevelKey(key string) bool {
	switch key {
	case "level", "Level", "LEVEL", "lvl", "@l", "@level", "loglevel", "logLevel", "log_level", "log.level", "levelname", "level_name", "levelName",
		"severity", "SEVERITY", "severityText", "severity_text", "PRIORITY":
		return true
	}
	return false
}

// jsonLevel reads the level of a line of JSON without decoding it. Its key is one of
// the line's own, or of an object "log" in it, where ECS has it, or names the log
// itself: what else has a level, such as a player, is no logger.
func jsonLevel(text []byte) (lines.Level, bool) {
	depth, inLog := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			inLog = inLog && depth > 1
		case '"':
			n := quotedLen(text[i:])
			if n == 0 {
				return 0, false
			}
			key := text[i+1 : i+n-1]
			i += n - 1
			value, isKey := behindColon(text[i+1:])
			if !isKey || depth > 1 && !(inLog && depth == 2) && !bytes.HasPrefix(key, []byte("log")) {
				continue
			}
			if level, ok := memberLevel(key, value, text); ok {
				return level, true
			}
			inLog = inLog || depth == 1 && string(key) == "log" && value[0] == '{'
		}
	}
	return 0, false
}

// quotedLen is the length of the quoted text that b begins with, the quotes
// included; 0 if it has no end.
func quotedLen(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// behindColon returns what follows the colon behind a key; ok is false if b does not
// go on with one.
func behindColon(b []byte) (value []byte, ok bool) {
	b = trimSpace(b)
	if len(b) < 2 || b[0] != ':' {
		return nil, false
	}
	b = trimSpace(b[1:])
	return b, len(b) > 0
}

// memberLevel reads the level in a member of a line of JSON, text: a word, pino's
// number, or syslog's where its keys are, journald's and GELF's.
func memberLevel(key, value, text []byte) (lines.Level, bool) {
	if string(key) == "s" { // MongoDB's is a letter
		return letterValue(value)
	}
	if !isLevelKey(string(key)) {
		return 0, false
	}
	n, d := leadingInt(bytes.TrimPrefix(value, []byte(`"`)))
	switch {
	case d == 0:
		return wordValue(value)
	case d > 1:
		return lines.Trace + lines.Level(min((n-10)/10, 5)), n >= 10 && n <= 60
	case string(key) == "PRIORITY" || bytes.Contains(text, []byte(`"short_message"`)):
		return syslogLevel(n)
	}
	return 0, false
}

// syslogLevel is what a syslog priority's last three bits say (RFC 5424, 6.2.1):
// 0 to 2 are emergencies, 3 an error, 4 a warning, 5 and 6 information, 7 debug.
func syslogLevel(n int) (level lines.Level, ok bool) {
	switch {
	case n <= 2:
		return lines.Fatal, true
	case n <= 4:
		return lines.Error - lines.Level(n-3), true
	}
	return lines.Info - lines.Level((n-5)/2), n <= 7
}

// letterValue reads "E", quoted: one of D, I, W, E, F, or D1 to D5.
func letterValue(v []byte) (lines.Level, bool) {
	if len(v) < 3 || v[0] != '"' || v[2] != '"' && v[1] != 'D' {
		return 0, false
	}
	at := bytes.IndexByte([]byte("DIWEF"), v[1])
	return lines.Debug + lines.Level(max(at, 0)), at >= 0
}

// wordValue reads the word of a level, quoted or not.
func wordValue(v []byte) (lines.Level, bool) {
	v = bytes.TrimLeft(v, `"'`)
	n := 0
	for n < len(v) && isLetter(v[n]) {
		n++
	}
	level, ok := parseWord(v[:n])
	if ok && level == lines.Error && n+1 < len(v) && v[n] == '+' && v[n+1] >= '4' {
		level = lines.Fatal // slog's ERROR+4
	}
	return level, ok
}
