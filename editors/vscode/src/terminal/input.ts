// What a terminal's driver does for a program that reads lines from a pipe: it shows
// what is typed, mends it, and hands it over with Enter. A program on a pty needs
// none of this. Knows keys, and nothing of processes.

/** What a stretch of typing amounts to. */
export interface Typed {
  /** to be shown */
  echo: string;
  /** for the program's input */
  data: string;
  /** Ctrl-D on an empty line: the input ends */
  eof: boolean;
  /** Ctrl-C */
  interrupt: boolean;
}

const erase = "\b \b";

export class LineInput {
  private line: string[] = [];

  /** Takes keys as a terminal sends them, a key or a whole paste. */
  type(keys: string): Typed {
    const typed: Typed = { echo: "", data: "", eof: false, interrupt: false };
    // Arrows and the like would only garble a line that can't be edited in the middle.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how keys are sent
    for (const key of keys.replace(/\x1b(\[[0-9;]*[A-Za-z~]|O[A-Z])/g, "")) this.key(key, typed);
    return typed;
  }

  private key(key: string, typed: Typed): void {
    switch (key) {
      case "\r":
      case "\n":
        typed.echo += "\r\n";
        typed.data += `${this.take()}\n`;
        return;
      case "\x7f":
      case "\b":
        if (this.line.pop() !== undefined) typed.echo += erase;
        return;
      case "\x15":
        typed.echo += erase.repeat(this.take().length);
        return;
      case "\x03":
        this.take();
        typed.echo += "^C\r\n";
        typed.interrupt = true;
        return;
      case "\x04":
        typed.data += this.take();
        typed.eof ||= typed.data === "";
        return;
      default:
        if (key < " " && key !== "\t") return;
        this.line.push(key);
        typed.echo += key;
    }
  }

  private take(): string {
    const line = this.line.join("");
    this.line = [];
    return line;
  }
}
