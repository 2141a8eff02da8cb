// Package vfork starts a process as quickly as the kernel can. It is for the guard,
// which does little else, and for no other program: what it leaves out is left out
// of [syscall.ForkExec] because the guard does not need it.
//
//	engine              guard                         child, in the guard's memory
//	Answer.Ask   -----> Start   all signals blocked
//	|                           clone  ------------>  handlers to default, group or session,
//	| (looks)                   | (sleeps)            folder, files, limit, signal mask
//	|                           |                     execve, or the error to the Answer and exit
//	Answer.Wait  <------------- | ------------------  the kernel clears Answer.turn
//	                            <-------------------  (the memory is the guard's alone again)
//
// ForkExec has a pipe for the error of exec, and waits for it to be closed after the
// kernel has woken it already: it sleeps twice, where this sleeps once and reads a
// word of its own memory. On an idle machine that took 35 us where ForkExec took 76
// (medians of a busy one: 62 and 122).
//
// Who has asked for the start does not wait for the guard to wake up and tell: the
// child's last act in the guard's memory is the kernel's, which clears a word in it
// (CLONE_CHILD_CLEARTID), and that word is the engine's memory, too.
package vfork
