package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchGoPackage takes the line that names the package of what the go command says
// next: "# example.com/shop/api", and go vet's "# [example.com/shop/api]".
func matchGoPackage(r *Reader, l *detect.Line) bool {
	rest, ok := strings.CutPrefix(r.text, "# ")
	pkg, _, _ := strings.Cut(trim(rest), " ")
	if !ok || !strings.ContainsAny(pkg, "./[") && pkg != "command-line-arguments" || strings.HasSuffix(pkg, ".") {
		return false
	}
	r.ctx.pkg, r.ctx.pkgAt, r.ctx.vet = trim(rest), r.at, strings.HasPrefix(rest, "[")
	return true
}

// goCompileError reports whether a message is the compiler's. It heads what it
// says with the package's name; go vet and linters need not. But the go command
// itself complains about packages without.
func goCompileError(v *verdict) bool {
	for _, p := range []string{"undefined: ", "syntax error", "expected ", "package ", "no required module", "cannot ", "could not import", "import cycle", "found packages", "missing return", "declared and not used", "too many ", "not enough "} {
		if strings.HasPrefix(v.message, p) {
			return true
		}
	}
	return v.code == "typecheck" || strings.HasSuffix(v.message, " imported and not used")
}

// packageDirs are the folders that a package of this import path may be in,
// seen from the module's root: the path without its first, first two, ... parts.
func packageDirs(pkg string) (dirs []string) {
	pkg, _, _ = strings.Cut(pkg, " ")
	for rest := pkg; rest != "" && len(dirs) < maxDirectories; {
		_, rest, _ = strings.Cut(rest, "/")
		if rest != "" {
			dirs = append(dirs, rest)
		}
	}
	return dirs
}
