// Which members are shown and in what order, as the address says it: by enum values, never by names.
import type {
  AnomalyReason,
  HealthCode,
  MemberOrderField,
  Role,
  TestResult,
  TestWindow,
} from "../../../graphql/enums";
import type { MemberFilter, MemberOrder } from "../../../graphql/generated";
import {
  codeNames,
  memberOrderNames,
  reasonNames,
  resultNames,
  roleNames,
  windowNames,
} from "../../../names";

export const DOSES = ["0", "1", "2", "3", "4", "5"] as const;
export type Doses = (typeof DOSES)[number];

/** Yes, no, or as it may be. */
export type Choice = "" | "yes" | "no";

/** Stands for the members who are in no section. */
export const NONE = "none";
const SECTION = /^[\w=+/-]+$/;

export interface View {
  /** Ids of sections, and NONE. */
  sections: string[];
  codes: HealthCode[];
  reasons: AnomalyReason[];
  windows: TestWindow[];
  results: TestResult[];
  doses: Doses[];
  roles: Role[];
  anomalous: Choice;
  student: Choice;
  leaving: Choice;
  order: MemberOrderField;
  descending: boolean;
}

export const EVERYONE: View = {
  sections: [],
  codes: [],
  reasons: [],
  windows: [],
  results: [],
  doses: [],
  roles: [],
  anomalous: "",
  student: "",
  leaving: "",
  order: "JOINED_AT",
  descending: false,
};

function several<Value extends string>(
  text: string | undefined,
  values: readonly Value[],
): Value[] {
  const given = text?.split(",") ?? [];
  return values.filter((value) => given.includes(value));
}

const keys = <Value extends string>(names: Record<Value, string>) => Object.keys(names) as Value[];

function choice(text: string | undefined): Choice {
  return text === "yes" || text === "no" ? text : "";
}

/** Read a view from an address; what it doesn't know is left out. */
export function viewOf(query: Readonly<Record<string, string | undefined>>): View {
  return {
    sections: query.sections?.split(",").filter((each) => SECTION.test(each)) ?? [],
    codes: several(query.codes, keys(codeNames)),
    reasons: several(query.reasons, keys(reasonNames)),
    windows: several(query.windows, keys(windowNames)),
    results: several(query.results, keys(resultNames)),
    doses: several(query.doses, DOSES),
    roles: several(query.roles, keys(roleNames)),
    anomalous: choice(query.anomalous),
    student: choice(query.student),
    leaving: choice(query.leaving),
    order: several(query.order, keys(memberOrderNames))[0] ?? EVERYONE.order,
    descending: query.descending === "yes",
  };
}

/** Write a view as the query of an address; the usual one is empty. */
export function queryOf(view: View): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(view)) {
    const text = typeof value === "boolean" ? (value ? "yes" : "") : String(value);
    if (text && text !== String(EVERYONE[name as keyof View])) query.set(name, text);
  }
  return query.size ? `?${query.toString().replaceAll("%2C", ",")}` : "";
}

/** How many kinds of filters are set. */
export function filtersSet({ order: _, descending: __, ...filters }: View): number {
  return Object.values(filters).filter((value) => value.length > 0).length;
}

const given = <Value>(values: Value[]) => (values.length ? values : null);
const decided = (choice: Choice) => (choice ? choice === "yes" : null);

export function whereOf(view: View): MemberFilter {
  return {
    sections: given(view.sections.filter((each) => each !== NONE)),
    unassigned: view.sections.includes(NONE) || null,
    healthCodes: given(view.codes),
    anomalous: decided(view.anomalous),
    anomalyReasons: given(view.reasons),
    testWindows: given(view.windows),
    testResults: given(view.results),
    doses: given(view.doses.map(Number)),
    roles: given(view.roles),
    student: decided(view.student),
    leaving: decided(view.leaving),
  };
}

export function orderOf({ order, descending }: View): MemberOrder {
  return { field: order, direction: descending ? "DESC" : "ASC" };
}
