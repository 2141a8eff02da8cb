// What VS Code runs in the window on several folders; see index.ts for the other one.
import "./folders.test";
import { runAll } from "./runner";

export const run = runAll;
