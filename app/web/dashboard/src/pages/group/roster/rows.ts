// A roster as it is pasted: a line a person, from a spreadsheet or typed with commas.
import type { RosterRowInput } from "../../../graphql/generated";

const SEPARATORS = /[\t,，;；]/;

/** A line that isn't empty, and which one it is. */
export interface Row extends RosterRowInput {
  line: number;
  name: string;
  remark: string;
  section: string;
}

/** Read name, remark and section of each line. */
export function rowsOf(text: string): Row[] {
  return text
    .split("\n")
    .map((line, index) => {
      const [name = "", remark = "", section = ""] = line
        .split(SEPARATORS)
        .map((part) => part.trim());
      return { line: index + 1, name, remark, section };
    })
    .filter(({ name, remark, section }) => name || remark || section);
}
