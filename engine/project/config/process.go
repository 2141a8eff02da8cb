package config

import "time"

// Process is what a file says of one process. The tags of this and of all other
// types of the package are the key in the file, what docs/config.md says of it,
// and an example of its value in TOML.
type Process struct {
	Command   Command           `toml:"command" doc:"A command line for the shell, or an array of a program and its arguments." example:"'npm run dev'"`
	Script    string            `toml:"script" doc:"The id of a discovered script to run, instead of a command; its folder is the default of cwd." example:"'npm:dev'"`
	Cwd       string            `toml:"cwd" doc:"The working folder, relative to the file that says so." example:"'apps/web'"`
	Env       map[string]string `toml:"env" doc:"Variables on top of the environment and of env_file." example:"{ PORT = '3000' }"`
	EnvFile   []string          `toml:"env_file" doc:"Files of KEY=value lines, relative to the file that says so; a later one wins." example:"['.env', '.env.local']"`
	DependsOn Dependencies      `toml:"dependsOn" doc:"What must have happened to which process first: names, each of which must be ready, or a table of names and conditions: started, ready, healthy, exited, succeeded." example:"{ db = 'ready', migrate = 'succeeded' }"`
	Ready     *Ready            `toml:"ready" doc:"How to tell that it is ready. All parts that are given must hold." example:"{ http = 'http://localhost:3000/health' }"`
	Live      *Live             `toml:"live" doc:"How to tell that it still works once it is ready. If it does not, it is ended, and restart says what follows." example:"{ tcp = 'localhost:3000' }"`
	Restart   Restart           `toml:"restart" doc:"When to start it again after it has ended by itself: never, onFailure, always; or a table with the details." example:"'onFailure'"`
	Stop      Stop              `toml:"stop" doc:"How it is asked to end." example:"{ signal = 'INT', grace = '10s' }"`
	Stdio     string            `toml:"stdio" doc:"What its streams are: pipe, or pty for a program that wants a terminal." enum:"pipe|pty" example:"'pty'"`
	Watch     Watch             `toml:"watch" doc:"Patterns of files, relative to cwd, at whose change it is restarted; or a table with the details." example:"['src/**/*.go']"`
	Replicas  int               `toml:"replicas" doc:"How many of it run, as NAME#1 and so on. Each has its number in BRUMMER_RPC_REPLICA." min:"1" max:"100" example:"3"`
	Autostart bool              `toml:"autostart" doc:"Start it with the engine, if the client or the flag --autostart allows that." example:"true"`
	Group     string            `toml:"group" doc:"What a list shows it under." example:"'backend'"`
	Matchers  Matchers          `toml:"matchers" doc:"The problem matchers for this process alone: names of those in the files of detection.matchers, or matchers in VS Code's form. Without it, all of those files count." example:"['ours', { owner = 'lint', pattern = { regexp = '^(.+):(\\d+): (.+)$', file = 1, line = 2, message = 3 } }]"`
	Nice      int               `toml:"nice" doc:"What is added to its niceness." min:"-20" max:"19" example:"10"`
	Umask     string            `toml:"umask" doc:"Its file mode creation mask, in octal." example:"'027'"`
}

// Command is a command line for the shell, or a program with its arguments.
type Command struct {
	Shell string
	Args  []string
}

// Dependency is a process that another one waits for.
type Dependency struct {
	Name      string
	Condition string // of Conditions
}

// Dependencies are in the file's order.
type Dependencies []Dependency

// Conditions are what a dependency may have to come to.
var Conditions = []string{"started", "ready", "healthy", "exited", "succeeded"}

// Checks are what is asked of the world about a process.
type Checks struct {
	TCP  string  `toml:"tcp" doc:"This HOST:PORT takes a connection." example:"'localhost:5432'"`
	HTTP string  `toml:"http" doc:"A GET of this URL is answered with a status from 200 to 399." example:"'http://localhost:3000/health'"`
	Exec Command `toml:"exec" doc:"This command ends with code 0, in the folder and environment of the process." example:"'pg_isready -q'"`
	Port *int    `toml:"port" doc:"The process or a descendant listens on this port; 0 is any." min:"0" max:"65535" example:"3000"`
}

// Ready says how to tell that a process is ready.
type Ready struct {
	Log string `toml:"log" doc:"A line of its output matches this regular expression." example:"'listening on'"`
	Checks
	Interval time.Duration `toml:"interval" doc:"Between two looks; default 500ms." example:"'200ms'"`
	Timeout  time.Duration `toml:"timeout" doc:"Then it is said to be late, and what waits for it fails; default 60s." example:"'2m'"`
}

// Live says how to tell that a process still works.
type Live struct {
	Checks
	Interval time.Duration `toml:"interval" doc:"Between two looks; default 10s." example:"'5s'"`
	Timeout  time.Duration `toml:"timeout" doc:"Of one look; default 5s." example:"'1s'"`
	Failures int           `toml:"failures" doc:"How many in a row end it; default 3." min:"1" max:"1000" example:"5"`
}

// Restart says when a process is started again.
type Restart struct {
	When     string        `toml:"when" doc:"never, onFailure or always; default never, with a liveness rule onFailure." enum:"never|onFailure|always" example:"'always'"`
	Limit    int           `toml:"limit" doc:"Restarts in a row before it is given up; default 10." min:"1" max:"1000000" example:"5"`
	Delay    time.Duration `toml:"delay" doc:"Before the first; it doubles with each; default 500ms." example:"'1s'"`
	MaxDelay time.Duration `toml:"maxDelay" doc:"The longest delay; default 30s." example:"'1m'"`
	Stable   time.Duration `toml:"stable" doc:"A run as long as this ends the row; default 10s." example:"'30s'"`
}

// Stop says how a process is asked to end.
type Stop struct {
	Signal string        `toml:"signal" doc:"The signal that asks it; default TERM." example:"'INT'"`
	Grace  time.Duration `toml:"grace" doc:"How long it may take before it is killed; default 5s." example:"'10s'"`
}

// Watch says at the change of which files a process is restarted.
type Watch struct {
	Paths   []string      `toml:"paths" doc:"Patterns of files, relative to cwd; ** is any number of folders." example:"['src/**']"`
	Ignore  []string      `toml:"ignore" doc:"Patterns of files and folders that don't count." example:"['**/*_test.go']"`
	Cascade bool          `toml:"cascade" doc:"Restart what depends on it as well." example:"true"`
	Delay   time.Duration `toml:"delay" doc:"How long it must be quiet before the restart; default 200ms." example:"'1s'"`
}
