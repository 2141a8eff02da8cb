//go:build linux

package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// patience bounds every wait: what takes longer is said not to happen.
const patience = 20 * time.Second

// running is a rival at work.
type running struct {
	rival  Rival
	dir    string
	cmd    *exec.Cmd
	output *collector
	screen *os.File // the terminal, of a rival that has one
	ended  chan struct{}
}

// start runs a job under the rival.
func (r Rival) start(job string) (*running, error) {
	dir, err := r.prepare(job)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(r.command[0], r.command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PM2_HOME="+dir+"/pm2", "XDG_RUNTIME_DIR="+dir, "NO_COLOR=1")
	w := &running{rival: r, dir: dir, cmd: cmd, output: &collector{}, ended: make(chan struct{})}
	if err := w.begin(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", r.Name, err)
	}
	go func() {
		cmd.Wait()
		close(w.ended)
	}()
	return w, nil
}

// begin gives the rival a pipe for what it prints, or a terminal.
func (w *running) begin() (err error) {
	if w.rival.screen() {
		w.cmd.Env = append(w.cmd.Env, "TERM=xterm-256color")
		if w.screen, err = pty.StartWithSize(w.cmd, &pty.Winsize{Cols: 80, Rows: 24}); err == nil {
			go io.Copy(w.output, w.screen)
		}
		return err
	}
	w.cmd.Stdout, w.cmd.Stderr = w.output, w.output
	w.cmd.WaitDelay = time.Second                           // a process that is left behind may hold the pipe
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell does
	return w.cmd.Start()
}

// end ends the rival by a signal, and waits. SIGKILL is for what runs the job; all
// others go to the whole group, as those of a terminal do. A screen's program is
// typed to instead.
func (w *running) end(s syscall.Signal) (took time.Duration, err error) {
	begun := time.Now()
	switch {
	case s == syscall.SIGKILL:
		syscall.Kill(w.keepers()[0], s)
	case w.screen != nil:
		w.screen.WriteString(w.rival.quit)
	default:
		syscall.Kill(-w.cmd.Process.Pid, s)
	}
	select {
	case <-w.ended:
		return time.Since(begun), nil
	case <-time.After(patience):
		return patience, errors.New("it does not end")
	}
}

// keepers are the processes of the rival: what runs the job, then the others.
func (w *running) keepers() []int {
	own := []int{w.cmd.Process.Pid}
	if len(w.rival.engine) == 0 {
		return own
	}
	cmd := exec.Command(w.rival.engine[0], w.rival.engine[1:]...)
	cmd.Dir, cmd.Env = w.dir, w.cmd.Env
	out, _ := cmd.Output()
	var told struct{ Engine struct{ PID int } }
	if json.Unmarshal(out, &told) != nil || told.Engine.PID == 0 {
		return own
	}
	keepers := append([]int{told.Engine.PID}, own...)
	for _, member := range w.members() {
		if parent := statOf(member).parent; parent != 0 && statOf(parent).name == "brummer-guard" {
			return append(keepers, parent)
		}
	}
	return keepers
}

// usage is what the rival and the job's leader have used so far: processor time,
// and bytes of memory that the rival's processes had at the most.
func (w *running) usage() (cpu time.Duration, memory int64) {
	for _, pid := range w.keepers() {
		cpu += statOf(pid).cpu
		memory += peak(pid)
	}
	for _, pid := range w.members() {
		cpu += statOf(pid).cpu
	}
	return cpu, memory
}

// discard ends what is left of the rival and its job, and its folder.
func (w *running) discard() {
	for _, pid := range living(w.members()) {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	w.cmd.Process.Kill()
	<-w.ended
	if w.screen != nil {
		w.screen.Close()
	}
	os.RemoveAll(w.dir)
}

// members are the pids that the job has written down.
func (w *running) members() (pids []int) {
	text, _ := os.ReadFile(filepath.Join(w.dir, "pids"))
	for _, f := range strings.Fields(string(text)) {
		if pid, err := strconv.Atoi(f); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// settle waits until it is so, or for so long that it will not be any more.
func settle(long time.Duration, so func() bool) {
	for end := time.Now().Add(long); time.Now().Before(end) && !so(); time.Sleep(20 * time.Millisecond) {
	}
}

// await asks until it is so, or patience is at its end.
func await(so func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if so() {
			return true
		}
	}
	return false
}

// collector keeps the last of what is written to it, and counts the lines with a
// mark.
type collector struct {
	mu    sync.Mutex
	tail  []byte
	marks int
}

// mark is in each line of the flood.
var mark = []byte(" request served ")

const kept = 64 << 10

var _ io.Writer = (*collector)(nil)

// Write implements [io.Writer].
func (c *collector) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// A mark may be cut in two by the end of a write.
	carry := min(len(c.tail), len(mark)-1)
	c.marks += bytes.Count(append(bytes.Clone(c.tail[len(c.tail)-carry:]), b...), mark)
	c.tail = append(c.tail, b...)
	if len(c.tail) > 2*kept {
		c.tail = append(c.tail[:0], c.tail[len(c.tail)-kept:]...)
	}
	return len(b), nil
}

func (c *collector) has(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Contains(c.tail, []byte(text))
}

func (c *collector) marked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.marks
}
