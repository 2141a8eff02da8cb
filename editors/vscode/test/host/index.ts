// What VS Code runs with the extension under development. Each file registers its
// tests when it is imported; they run in this order.
import "./idle.test";
import "./trust.test";
import "./engine.test";
import "./processes.test";
import "./terminal.test";
import "./problems.test";
import "./tasks.test";
import "./debug.test";
import "./toml.test";
import "./views.test";
import "./lens.test";
import "./life.test";
import { runAll } from "./runner";

export const run = runAll;
