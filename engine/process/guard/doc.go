// Package guard is the parent of an engine's processes: the same program, run
// once more, that outlives the engine just long enough to end all of them. It
// decides nothing: what is started, signalled and stopped is the engine's
// business while there is an engine. Only Linux has one.
//
//	engine                             guard                        processes
//	Guard.Start  --start, 3 files-->   fork, exec  ------------->   leader
//	             <~~pid~~~~~~~~~~~~~~~~~~~~~~~~~~  <-------------   it is the program
//	             <--exited, pid-----   SIGCHLD     <-------------   it ends
//	Guard.Reap   --reap, pid------->   wait4
//	             <~~status~~~~~~~~~~
//	(gone)       --end of file----->   TERM, grace, KILL   ----->   everything
//
// Requests and ends are messages; answers (~~) are in memory that both have mapped, a
// [vfork.Answer], where the kernel itself says that a start has succeeded. A start
// watches out for that: it takes hardly more than the fork and the exec, because
// nobody who sleeps has to be woken for its answer.
//
// The guard is a child subreaper (prctl(2)): what its descendants leave behind
// becomes its child, however often they fork and whatever session they make, so
// that nothing gets out of its reach. It is in a session of its own, where no
// terminal's signals find it.
//
// A leader that has ended stays a zombie until the engine asks for its status.
// Its number, which is its group's too, can't be given to another process until
// then: who signals the group can't hit a stranger.
//
// If the guard itself is killed, its children become the engine's, which is a
// subreaper as well; so do the zombies, with their numbers.
package guard

// Verb is the argument that makes the program a guard.
const Verb = "guard"

// Command says how the program is run to be a guard, as in [os/exec.Cmd].
// --grace=DURATION is added to the arguments.
type Command struct {
	Path string
	Args []string // Args[0] is the name
}
