// The entry of the log panel's page.
import { App } from "./logs/app";

const main = document.querySelector("main");
if (main) new App(main);
