/** Strings that try to leave their place in a query, made by a grammar: the same ones each time. */
export function injections(count: number): string[] {
  const next = generator(20_261_124);
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const found = new Set<string>(alone);
  while (found.size < count) {
    const payload = pick(payloads).replaceAll(' ', () => pick(spaces));
    found.add(`${pick(values)}${pick(breakers)}${pick(spaces)}${cased(payload, next)}${pick(endings)}`);
  }
  return [...found].slice(0, count);
}

const values = ['', '1', '-1', 'ada', '%', '_', 'ada@example.org', '0x31', 'é', '😀', 'admin'];
const breakers = [
  ...[
    "'",
    '"',
    '`',
    "''",
    "\\'",
    '\\"',
    "\\\\'",
    "'\\",
    '\\',
    "')",
    "'))",
    '")',
    '`)',
    ')',
    ']',
    "%'",
    "'''",
  ],
  ...[
    '%27',
    '%2527',
    '&#39;',
    '\\x27',
    '\\u0027',
    "\u02bc'",
    '\uff07',
    '\u2019',
    '\u00bf\u0027',
    "E'\\'",
    "N'",
  ],
  ...['$$', '$x$', '*/', "*/'", '\n', '\r\n', '\u2028', '\t', '\b', '\u001a', '\u0085', ''],
];
const payloads = [
  ...['OR 1=1', "OR '1'='1'", 'OR TRUE', 'AND 1=2', '|| 1', '&& 1', "OR 'a' LIKE '%'", "OR name LIKE '%'"],
  ...['; DROP TABLE victim', '; DELETE FROM victim', "; UPDATE victim SET name = 'x'", '; TRUNCATE victim'],
  ...["; INSERT INTO victim VALUES (9, 'x', 9)", '; COMMIT; DROP TABLE victim', '; ROLLBACK', "; SELECT 'x'"],
  ...['UNION SELECT 1, 2, 3', 'UNION ALL SELECT id, name, balance FROM victim', 'ORDER BY 99', 'HAVING 1=1'],
  ...['RETURNING *', "; COPY victim TO PROGRAM 'true'", "INTO OUTFILE '/tmp/x'", "; ATTACH ':memory:' AS x"],
  ...[
    '/*!50000 OR 1=1 */',
    '/* x',
    '{fn now()}',
    '$1',
    '?',
    ':name',
    '@@version',
    '%s',
    '$\u007b1}',
    '{0}',
    '\\g',
  ],
  ...[
    'AND (SELECT 1 FROM victim) = 1',
    'PROCEDURE ANALYSE()',
    "ESCAPE '!'",
    "!%' ESCAPE '",
    '; PRAGMA writable_schema=1',
  ],
  ...[
    "; SET sql_mode = ''",
    "; PREPARE s FROM 'SELECT 1'",
    '; EXEC xp_cmdshell',
    "' || (SELECT name FROM victim) || '",
  ],
];
const spaces = [' ', ' ', '\t', '\n', '/**/', '/* */', '+', '%20', '\u00a0', '\u000b', '  ', '%0a'];
const endings = [
  '',
  '--',
  '-- ',
  '-- -',
  '#',
  ';',
  ';--',
  '/*',
  "'",
  '"',
  '`',
  ';\u0001',
  " OR '",
  '%',
  '!',
  '\\',
  ' ',
];
const alone = [
  "'",
  '"',
  '`',
  '\\',
  '%',
  '_',
  '!',
  '!!',
  '!%',
  '--',
  ';',
  '',
  ' ',
  '$1',
  '?',
  'NULL',
  'null',
  '\u007f',
  'ﬁ',
  'İ',
];

function cased(text: string, next: () => number): string {
  const how = next();
  if (how < 0.4) return text;
  return how < 0.7 ? text.toLowerCase() : text.replaceAll(/[a-z]/gi, (letter) => flip(letter, next()));
}

function flip(letter: string, chance: number): string {
  return chance < 0.5 ? letter.toLowerCase() : letter.toUpperCase();
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
