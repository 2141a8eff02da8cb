package process

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// envFiles writes files and returns their folder.
func envFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEnvFilesOf(t *testing.T) {
	for _, tt := range []struct {
		files, mode, want string
	}{
		{"", "", ""},
		{".env", "", ".env"},
		{".env .env.local .env.example", "", ".env .env.local"},
		{".env .env.test .env.test.local .env.local", "test", ".env .env.local .env.test .env.test.local"},
		{".env .env.test", "blue", ".env"},
		{".env .env.development", "", ""}, // a framework's: it reads them itself
	} {
		files := map[string]string{}
		for _, name := range strings.Fields(tt.files) {
			files[name] = "A=1\n"
		}
		if got := EnvFilesOf(envFiles(t, files), tt.mode); strings.Join(got, " ") != tt.want {
			t.Errorf("%s, mode %q: %q, want %q", tt.files, tt.mode, got, tt.want)
		}
	}
	if CheckMode("../x") == nil || CheckMode("blue") != nil {
		t.Error("a mode is part of a file's name")
	}
}

// TestReadEnvFiles: the syntax is godotenv's, later files win, and references see
// what has been set before.
func TestReadEnvFiles(t *testing.T) {
	dir := envFiles(t, map[string]string{
		".env": "\ufeff# comment\r\nexport A=1\r\nB=\"two\\nlines $A\" # behind\r\nC='$A'\r\nEMPTY=\r\n" +
			"PATH=$PATH:./bin\nQUOTED=\"${HARD}\"\nMISSING=x${NOWHERE}y\nMULTI=\"a\nb\"\n",
		".env.local": "A=3\nD=${A}-$B\nSAME=$SAME\n",
	})
	hard := `a"b'c\d$e` + "\n#f"
	got, err := ReadEnvFiles(dir, []string{".env", ".env.local"}, []string{"PATH=/bin", "HARD=" + hard, "SAME=1"})
	want := []string{
		"A=3", "B=two\nlines 1", "C=$A", "D=3-two\nlines 1", "EMPTY=", "MISSING=xy", "MULTI=a\nb", "PATH=/bin:./bin", "QUOTED=" + hard,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want\n%q", got, err, want)
	}
	if got, err := ReadEnvFiles(dir, nil, nil); len(got) != 0 || err != nil {
		t.Errorf("no files: %q, %v", got, err)
	}
}

func TestEnvFileErrors(t *testing.T) {
	dir := envFiles(t, map[string]string{
		"bad": "A=1\n\n# fine\nB=2\nthis is wrong\nC=3\n", "first": "=1\n", "second": "A=1\n=1\n", "quote": "A=1\nB=\"open\nC=3\n", "nul": "A=\x00\n",
		"large": strings.Repeat("A=1\n", maxEnvFile/4+1),
	})
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"bad": "bad:5: ", "first": "first:1: ", "second": "second:2: ", "quote": "quote:2: ", "nul": "NUL", "absent": "no such file", "folder": "no file", "large": "limit",
	} {
		_, err := ReadEnvFiles(dir, []string{name}, nil)
		if !errors.As(err, new(*EnvFileError)) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func FuzzEnvFile(f *testing.F) {
	f.Add("export A=1\nB=\"$A\"\n", "x")
	f.Add("A='\n", `"`)
	f.Add("A=${A}\n", "${A}")
	f.Fuzz(func(t *testing.T, text, known string) {
		vars, line, err := parseEnv(text, func(string) string { return known })
		if err != nil && (vars != nil || line < 0 || line > strings.Count(text, "\n")+1) {
			t.Errorf("line %d of %q: %v", line, text, err)
		}
	})
}

func TestMask(t *testing.T) {
	for v, want := range map[string]string{
		"PORT=3000": "3000", "NODE_ENV=test": "test", "KEYBOARD=de": "de", "MONKEY=x": "x", "PASSAGE=x": "x", "COMPASS=n": "n", "PATH=/bin": "/bin",
		"API_KEY=abc": masked, "apikey=abc": masked, "AWS_SECRET_ACCESS_KEY=abc": masked, "GITHUB_TOKEN=abc": masked, "DB_PASSWORD=abc": masked,
		"PGPASS=abc": "abc", "DB_PASS=abc": masked, "SENTRY_DSN=https://k@x/1": masked, "BASIC_AUTH=a:b": masked, "EMPTY_TOKEN=": "",
		"DATABASE_URL=postgres://me:secret@db/x": "postgres://me:***@db/x", "SITE=https://example.com/a@b": "https://example.com/a@b",
		"U=https://me@x/": "https://me@x/", "BROKEN=http://a:b c@%zz": masked,
	} {
		key, value, _ := strings.Cut(v, "=")
		if got := mask(key, value); got != want {
			t.Errorf("%s is shown as %q, want %q", v, got, want)
		}
	}
}
