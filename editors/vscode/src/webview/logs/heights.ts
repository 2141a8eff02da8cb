// Where in the list each row begins, in lines of the screen. Without wrapping each
// row is one line. With it the rows that were drawn are as high as they were measured,
// the others that are loaded as high as their length makes likely, and those that are
// not loaded as high as the loaded ones on average. It knows no element.

import { plainLength } from "./ansi";
import { drawn } from "./pieces";
import { isGap, type Row } from "./row";
import type { Stretch } from "./stretch";

/** Turns rows into lines of the screen and back. Both may have a fraction: of a row, of a line. */
export interface Scale {
  lineOf(row: number): number;
  rowAt(line: number): number;
}

/** even is the scale without wrapping. */
export const even: Scale = { lineOf: (row) => row, rowAt: (line) => line };

export class Heights implements Scale {
  /** changes when all rows are to be measured again */
  age = 1;
  private columns = 80;
  private starts = [0]; // the lines before each loaded row, and before what follows the last
  private average = 1;

  constructor(private readonly stretch: Stretch) {}

  /** fit takes how many characters of a text fit beside each other. */
  fit(columns: number): void {
    if (columns === this.columns) return;
    this.columns = Math.max(columns, 1);
    this.age++;
  }

  /** reckon brings it in line with what is loaded and measured. */
  reckon(): void {
    const { rows } = this.stretch;
    const { starts } = this;
    starts.length = rows.length + 1;
    let line = 0;
    for (let i = 0; i < rows.length; i++) {
      starts[i] = line;
      line += this.linesOf(rows[i]!);
    }
    starts[rows.length] = line;
    this.average = rows.length === 0 ? 1 : line / rows.length;
  }

  /** measured takes how many lines a row has as it is drawn; false if that was known. */
  measured(row: Row, lines: number): boolean {
    if (this.linesOf(row) === lines) return false;
    row.tall = { age: this.age, lines };
    return true;
  }

  private linesOf(row: Row): number {
    if (row.tall?.age !== this.age) row.tall = { age: this.age, lines: this.likely(row) };
    return row.tall.lines;
  }

  private likely(row: Row): number {
    if (isGap(row)) return 1;
    const length = Math.min(plainLength(row.line.text), drawn);
    return Math.max(Math.ceil(length / this.columns), 1);
  }

  lineOf(row: number): number {
    const { base, end } = this.stretch;
    if (row <= base) return row * this.average;
    const before = base * this.average;
    if (row >= end) return before + this.starts.at(-1)! + (row - end) * this.average;
    const i = Math.floor(row - base);
    const start = this.starts[i]!;
    return before + start + (row - base - i) * (this.starts[i + 1]! - start);
  }

  rowAt(line: number): number {
    const { base, end } = this.stretch;
    const within = line - base * this.average;
    if (within <= 0) return line / this.average;
    const all = this.starts.at(-1)!;
    if (within >= all) return end + (within - all) / this.average;
    const i = this.rowOf(within);
    const start = this.starts[i]!;
    return base + i + (within - start) / (this.starts[i + 1]! - start);
  }

  /** rowOf gives which loaded row has a line, counted from the first loaded one. */
  private rowOf(line: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= line) low = middle;
      else high = middle;
    }
    return low;
  }
}
