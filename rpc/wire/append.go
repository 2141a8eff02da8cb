package wire

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendString appends s as a JSON string. s must be valid UTF-8.
func AppendString[T string | []byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	for from := 0; ; from++ {
		to := nextEscaped(s, from)
		dst = append(dst, s[from:to]...)
		if to == len(s) {
			return append(dst, '"')
		}
		dst = appendEscaped(dst, s[to])
		from = to
	}
}

func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// appendText is [AppendString] for what may not be UTF-8, a file's name perhaps:
// each byte that is not has U+FFFD instead.
func appendText(dst []byte, s string) []byte {
	if PlainLen(s) < len(s) {
		if !utf8.ValidString(s) {
			s = string([]rune(s))
		}
		return AppendString(dst, s)
	}
	return append(append(append(dst, '"'), s...), '"')
}

// appendTexts appends a JSON array; it is never null.
func appendTexts(dst []byte, list []string) []byte {
	return appendList(dst, len(list), func(dst []byte, i int) []byte { return appendText(dst, list[i]) })
}

func appendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

// appendTrue appends a member that is left out when it is false.
func appendTrue(dst []byte, name string, b bool) []byte {
	if !b {
		return dst
	}
	return append(append(dst, name...), "true"...)
}

// appendNonZero appends a member that is left out when it is 0.
func appendNonZero(dst []byte, name string, n int64) []byte {
	if n == 0 {
		return dst
	}
	return appendInt(append(dst, name...), n)
}

func appendBase64(dst, data []byte) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, data)
	return append(dst, '"')
}

func appendUint(dst []byte, n uint64) []byte { return strconv.AppendUint(dst, n, 10) }

func appendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

// appendFloat appends a finite number as ECMAScript and RFC 8785 write it.
func appendFloat(dst []byte, f float64) []byte {
	if size := math.Abs(f); size < 1e21 && (size == 0 || size >= 1e-6) {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); string(dst[n-4:n-1]) == "e-0" { // strconv writes two digits
		dst = append(dst[:n-2], dst[n-1])
	}
	return dst
}

// appendList appends n elements as a JSON array.
func appendList(dst []byte, n int, element func(dst []byte, i int) []byte) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = element(dst, i)
	}
	return append(dst, ']')
}
