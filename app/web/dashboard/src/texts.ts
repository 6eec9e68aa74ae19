// The page's language, chosen once: the first of Chinese and English that the browser prefers.

export type Language = "zh" | "en";

function preferred(): Language {
  for (const tag of navigator.languages) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === "zh" || language === "en") return language;
  }
  return "zh";
}

export const LANGUAGE = preferred();
export const LOCALE = LANGUAGE === "zh" ? "zh-CN" : "en-GB";
document.documentElement.lang = LOCALE;

type Text = string | ((...values: never[]) => string);
type Texts<Shape> = { [Key in keyof Shape]: Shape[Key] extends string ? string : Shape[Key] };

/** Return a page's texts in the page's language; both languages must say the same things. */
export function texts<const Shape extends Record<string, Text>>(both: {
  zh: Shape;
  en: Texts<Shape>;
}): Texts<Shape> {
  return LANGUAGE === "zh" ? (both.zh as Texts<Shape>) : both.en;
}

const PLURALS = new Intl.PluralRules("en");

/** An English count with its noun: 1 member, 2 members. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${PLURALS.select(count) === "one" ? one : many}`;
}

const marks = texts({ zh: { colon: "：", comma: "、" }, en: { colon: ": ", comma: ", " } });

/** What stands between a thing and what is said of it. */
export const COLON = marks.colon;

/** Several things in a row. */
export function listed(things: readonly string[]): string {
  return things.join(marks.comma);
}
