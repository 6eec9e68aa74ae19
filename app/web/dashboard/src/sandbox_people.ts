// People made up for the sandbox, so that nobody has to invent an ID number: of each phone the same
// person every time, and of the demo group's phones the people who are in it.

export interface MadeUpPerson {
  name: string;
  idNumber: string;
}

const SURNAMES = "王李张刘陈杨黄赵吴周";
const GIVEN = "伟芳娜敏静磊洋艳";
const DEMO = /^\+86138000(\d{5})$/;
const RELATIVES = 50_000; // from this number on

/** The person whom the sandbox takes for the owner of a phone. */
export function madeUpOwner(phone: string): MadeUpPerson {
  const demo = DEMO.exec(phone)?.[1];
  if (demo) return madeUp(Number(demo) - 1);
  const digits = Number(phone.replace(/\D/g, "").slice(-11));
  return madeUp(1_000 + ((digits * 31) % 49_000)); // those of phones side by side are all different
}

/** Some relative, another one each time. */
export function madeUpRelative(): MadeUpPerson {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return madeUp(RELATIVES + (random % RELATIVES));
}

function madeUp(serial: number): MadeUpPerson {
  const given = (at: number) => GIVEN[at % GIVEN.length] ?? "";
  const name = (SURNAMES[serial % SURNAMES.length] ?? "") + given(serial);
  return { name: name + given(Math.floor(serial / 8)), idNumber: residentId(serial) };
}

/** A made-up resident ID number with a right check digit. */
function residentId(serial: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const born = `19${70 + (serial % 30)}${two(1 + (serial % 12))}${two(1 + (serial % 28))}`;
  const area = `4401${two(Math.floor(serial / 1000) % 100)}`;
  const first = `${area}${born}${String(serial % 1000).padStart(3, "0")}`;
  return first + checkDigit(first);
}

/** ISO 7064 MOD 11-2. */
function checkDigit(digits: string): string {
  let remainder = 0;
  for (const digit of digits) remainder = ((remainder + Number(digit)) * 2) % 11;
  const check = (12 - remainder) % 11;
  return check === 10 ? "X" : String(check);
}
