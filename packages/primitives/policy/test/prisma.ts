// Prisma's `where` as its engine reads it, as far as filters use it: with the three-valued logic of SQL, in which
// `not` and `notIn` leave out null. Its own engine is a program to download, which tests here can't.

type Where = Readonly<Record<string, unknown>>;

/** Whether a row is found. */
export function passesPrisma(where: Where, row: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(where).every(([key, value]) => {
    if (key === 'AND') return (value as Where[]).every((part) => passesPrisma(part, row));
    if (key === 'OR') return (value as Where[]).some((part) => passesPrisma(part, row));
    return passes(value, row[key]);
  });
}

function passes(condition: unknown, value: unknown): boolean {
  if (condition === null) return value === null;
  const [[operator, operand] = []] = Object.entries(condition as Where);
  if (operator === 'not' && operand === null) return value !== null;
  if (value === null) return false;
  if (operator === 'equals') return value === operand;
  if (operator === 'not') return value !== operand;
  if (operator === 'in') return (operand as unknown[]).includes(value);
  if (operator === 'notIn') return !(operand as unknown[]).includes(value);
  throw new Error(`no such operator: ${operator}`);
}
