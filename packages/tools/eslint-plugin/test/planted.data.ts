/** Queries that are put together from strings, each as somebody wrote it somewhere, with an honest twin where there is one. */
export const planted: readonly { readonly title: string; readonly code: string; readonly honest?: string }[] =
  [
    {
      title: 'a template in query',
      code: "db.query(`SELECT * FROM users WHERE email = '${email}'`)",
      honest: 'db.query(sql`SELECT * FROM users WHERE email = ${email}`)',
    },
    {
      title: 'a query that is never passed on here',
      code: "const bad = `SELECT * FROM users WHERE email = '${email}'`;",
      honest: "const good = 'SELECT * FROM users WHERE email = $1';",
    },
    {
      title: 'concatenation',
      code: "client.query('SELECT name FROM users WHERE id = ' + req.params.id)",
      honest: "client.query('SELECT name FROM users WHERE id = ' + '$1', [req.params.id])",
    },
    {
      title: 'a variable',
      code: "const text = 'DELETE FROM posts WHERE id = ' + id;\nawait pool.query(text);",
      honest: "const text = 'DELETE FROM posts WHERE id = $1';\nawait pool.query(text, [id]);",
    },
    {
      title: 'a variable that is set later',
      code: 'let text;\nif (all) text = `select id from t`; else text = `select id from t where a = ${a}`;\ndb.execute(text);',
      honest:
        "let text;\nif (all) text = 'select id from t'; else text = 'select id from t where a = ?';\ndb.execute(text, [a]);",
    },
    {
      title: '+=',
      code: 'let text = \'SELECT id FROM t\';\nif (name) text += " WHERE name = \'" + name + "\'";\ndb.query(text);',
      honest:
        "let text = 'SELECT id FROM t';\nif (name) text += ' WHERE name = $1';\ndb.query(text, [name]);",
    },
    {
      title: '+= of something that looks like nothing',
      code: "let text = 'SELECT id FROM t';\ntext += filter;\ndb.query(text);",
      honest: "let text = 'SELECT id FROM t';\ntext += ' LIMIT ' + Number(limit);\ndb.query(text);",
    },
    {
      title: 'a sum that begins with itself',
      code: "let text = 'SELECT id FROM t';\ntext = text + ' WHERE ' + filter;\ndb.query(text);",
      honest: "let text = 'SELECT id FROM t';\ntext = text + ' WHERE id = 1';\ndb.query(text);",
    },
    {
      title: 'a function that adds to what it was given',
      code: "function find(text, id) { text += ' WHERE id = ' + id; return db.query(text); }",
      honest: 'function find(text, id) { return db.query(text, [id]); }',
    },
    {
      title: 'join of a list',
      code: "db.query(['SELECT id', 'FROM t', 'WHERE a = ' + a].join(' '))",
      honest: "db.query(['SELECT id', 'FROM t', 'WHERE a = $1'].join(' '), [a])",
    },
    {
      title: 'join of a list that grows',
      code: "const parts = ['SELECT id FROM t WHERE true'];\nif (a) parts.push(`AND a = '${a}'`);\ndb.query(parts.join('\\n'));",
      honest:
        "const parts = ['SELECT id FROM t WHERE true'];\nif (a) parts.push('AND a = $1');\ndb.query(parts.join('\\n'), [a]);",
    },
    {
      title: 'a list of values',
      code: "db.query(`SELECT id FROM t WHERE id IN (${ids.join(',')})`)",
      honest: "db.query(`SELECT id FROM t WHERE id IN (${ids.map((_, i) => '$' + (i + 1)).join(',')})`, ids)",
    },
    {
      title: 'a list of values in quotes',
      code: "db.query('SELECT id FROM t WHERE name IN (' + names.map((name) => `'${name}'`).join(',') + ')')",
      honest: "db.query('SELECT id FROM t WHERE name IN (' + names.map(() => '?').join(',') + ')', names)",
    },
    {
      title: 'concat',
      code: "db.query('SELECT id FROM t WHERE id = '.concat(id))",
      honest: "db.query('SELECT id FROM t '.concat('WHERE id = $1'), [id])",
    },
    {
      title: 'replace',
      code: "db.query('SELECT id FROM t WHERE id = :id'.replace(':id', id))",
      honest: "db.query('SELECT id\\n FROM t WHERE id = $1'.replace(/\\s+/g, ' '), [id])",
    },
    {
      title: 'replaceAll with a function',
      code: "const text = 'SELECT id FROM t WHERE id = :id';\ndb.query(text.replaceAll(/:(\\w+)/g, (_, key) => values[key]));",
    },
    {
      title: 'util.format',
      code: "import util from 'node:util';\ndb.query(util.format('SELECT id FROM t WHERE id = %s', id))",
      honest: "import util from 'node:util';\nlog(util.format('%s items from %s', count, name))",
    },
    {
      title: 'format of util by itself',
      code: "const { format } = require('util');\nimport { format as f } from 'util';\ndb.query(f('SELECT id FROM t WHERE id = %s', id))",
    },
    {
      title: 'String.raw',
      code: "db.query(String.raw`SELECT id FROM t WHERE a = '${a}'`)",
      honest: "db.query(String.raw`SELECT id FROM t WHERE a ~ '^\\d+$'`)",
    },
    {
      title: 'a tag that only takes away spaces',
      code: 'db.query(dedent`\n  SELECT id\n  FROM t WHERE a = ${a}`)',
      honest: 'db.query(SQL`\n  SELECT id\n  FROM t WHERE a = ${a}`)',
    },
    {
      title: 'a column that the client names',
      code: 'db.query(`SELECT id FROM t ORDER BY ${req.query.sort}`)',
      honest: "db.query(sql`SELECT id FROM t ORDER BY ${identifier(req.query.sort, ['id'])}`)",
    },
    {
      title: 'a table that the caller names',
      code: 'const count = (table) => db.query(`SELECT count(*) FROM ${table}`);',
      honest: "const count = () => ['a', 'b'].map((table) => db.query(`SELECT count(*) FROM ${table}`));",
    },
    {
      title: 'a part of a query',
      code: "const where = `WHERE tenant = '${tenant}'`;\ndb.query('SELECT id FROM t ' + where);",
      honest: 'const where = sql`WHERE tenant = ${tenant}`;\ndb.query(sql`SELECT id FROM t ${where}`);',
    },
    {
      title: "Prisma's unsafe functions",
      code: 'await prisma.$queryRawUnsafe(`SELECT * FROM "User" WHERE id = ${id}`)',
      honest: 'await prisma.$queryRaw`SELECT * FROM "User" WHERE id = ${id}`',
    },
    {
      title: "Prisma's unsafe write",
      code: 'await prisma.$executeRawUnsafe(\'UPDATE "User" SET name = \' + name)',
      honest: 'await prisma.$executeRawUnsafe(\'UPDATE "User" SET name = $1\', name)',
    },
    {
      title: "knex's raw",
      code: "knex.raw('lower(name) = ' + name)",
      honest: "knex.raw('lower(name) = ?', [name])",
    },
    {
      title: "knex's whereRaw",
      code: "knex('users').whereRaw(`age > ${age}`)",
      honest: "knex('users').whereRaw('age > ?', [age])",
    },
    {
      title: "Sequelize's query, with options",
      code: "sequelize.query({ query: 'SELECT * FROM t WHERE a = ' + a, values: [] })",
      honest: "sequelize.query({ query: 'SELECT * FROM t WHERE a = ?', values: [a] })",
    },
    {
      title: 'a text in an object',
      code: 'client.query({ name: "find", text: `EXPLAIN ${statement}` })',
      honest: 'client.query({ name: "find", text: statement })',
    },
    {
      title: "postgres.js's unsafe",
      code: "sql.unsafe(`name = '${name}'`)",
      honest: 'sql`name = ${name}`',
    },
    {
      title: 'a template passed to a tag as if it were a function',
      code: 'sql(`DROP TABLE ${table}`)',
      honest: "sql(['id', 'name'])",
    },
    {
      title: "SQLite's prepare",
      code: "db.prepare(`SELECT id FROM t WHERE a = '${a}'`).all()",
      honest: "db.prepare('SELECT id FROM t WHERE a = ?').all(a)",
    },
    {
      title: "SQLite's exec",
      code: 'db.exec(`attach ${file} as other`)',
      honest: '/a(b)/.exec(`${text}`)',
    },
    {
      title: 'a statement in small letters, passed on',
      code: 'db.query(`delete from ${table}`)',
      honest: "db.query('delete from t')",
    },
    {
      title: 'a statement in small letters, passed to nobody',
      code: 'export const find = (id) => `select * from users where id = ${id}`;',
      honest: 'export const find = (id) => sql`select * from users where id = ${id}`;',
    },
    {
      title: 'an insert in small letters, passed to nobody',
      code: "export const add = (name) => 'insert into users (name) values (' + quote(name) + ')';",
      honest: 'export const add = (name) => sql`insert into users (name) values (${name})`;',
    },
    {
      title: 'an update in small letters, passed to nobody',
      code: 'export const set = (name) => `update users set name = ${name}`;',
    },
    {
      title: 'a schema',
      code: 'db.query(`CREATE SCHEMA ${tenant}`)',
      honest: "db.query('CREATE SCHEMA tenant')",
    },
    { title: 'a setting', code: 'db.query(`SET search_path TO ${tenant}`)' },
    {
      title: 'one of two, of which one is put together',
      code: "db.query(id ? 'SELECT a FROM t WHERE id = ' + id : 'SELECT a FROM t')",
      honest: "db.query(`SELECT a FROM t ORDER BY a ${newest ? 'DESC' : 'ASC'}`)",
    },
    {
      title: 'a query on several lines',
      code: 'const text = `\n  SELECT id\n  FROM t\n  WHERE a = ${a}\n`;',
    },
    {
      title: 'a query with its types, TypeScript',
      code: 'const rows = await db.query<Row>((`SELECT a FROM t WHERE b = ${b!}` as string) satisfies string);',
      honest: 'const rows = await db.query<Row>(sql`SELECT a FROM t WHERE b = ${b!}` as Sql);',
    },
  ];

/** What is no SQL, or none that anything from elsewhere is put into. */
export const honest: readonly string[] = [
  "const label = 'Select an item from ' + name;",
  'const label = `Please select one from ${list}, or update your choice and set a name`;',
  'log(`Delete from ${folder} what you do not need`);',
  'throw new Error(`drop the table ${name} where nobody is`);',
  'const text = `Insert into the slot: ${coin}`;',
  'const text = `With ${a} from ${b}`;',
  'const text = `Update: ${name} was set to ${value}`;',
  "const text = 'SELECT ' + 'id ' + 'FROM t';",
  "const columns = 'id, name';\ndb.query(`SELECT ${columns} FROM t`);",
  "const columns = ['id', 'name'];\ndb.query(`SELECT ${columns.join(', ')} FROM t`);",
  "const tables = { posts: 'post', users: 'account' } as const;\ndb.query(`SELECT id FROM ${tables.posts}`);",
  "const orders = { newest: 'id DESC', oldest: 'id ASC' };\ndb.query(`SELECT id FROM t ORDER BY ${orders[order]}`);",
  "enum Table { Posts = 'post' }\ndb.query(`SELECT id FROM ${Table.Posts}`);",
  "for (const table of ['a', 'b']) db.query(`TRUNCATE ${table}`);",
  'db.query(`SELECT id FROM t LIMIT ${limit * 2} OFFSET ${page.length}`);',
  'let depth = 0;\ndepth += 1;\ndb.query(`SAVEPOINT s_${depth}`);',
  'const wait = Math.max(1, Math.ceil(limit));\ndb.query(`SET statement_timeout = ${wait}`);',
  "db.query(`SELECT id FROM t WHERE id IN (${Array(ids.length).fill('?').join(', ')})`, ids);",
  "db.query('SELECT id FROM t WHERE id IN (' + '?, '.repeat(ids.length) + '?)', ids);",
  'const query = `{ user(id: ${id}) { name } }`;\ngraph.query(query);',
  'page.query(`#${id}`);',
  'html.raw(`<p>${text}</p>`);',
  'router.get(`/users/${id}`);',
  'map.get(`select-${name}`);',
  'exec(`git log ${branch}`);',
  'exec(`start ${program}`);',
  'shell.run(`copy ${a} ${b}`);',
  'const text = Prisma.sql`SELECT id FROM t WHERE id = ${id}`;',
  'const text = SQL`SELECT id FROM t WHERE id = ${id}`.append(SQL` AND b = ${b}`);',
  'db.query(text);',
  'db.query(build(id));',
  'db.query(`${text}`);',
  'db.query();\ndb.query(...args);',
  "format('SELECT %L', name);",
  'let a = b;\na += c;\nlog(a);',
  'const a = a + 1;\nlet b; b = b + c;\nlog(b);',
];

/** A file, and the line and the message of what is found in it. */
export const places: readonly (readonly [string, ...string[]])[] = [
  ["const where = ' WHERE ' + filter;\nconst text = 'SELECT a FROM t' + where;\n\ndb.query(text);", '1 built'],
  ["const text = 'explain ' + statement;\n\ndb.query(text);", '1 passed'],
  ['const a = `SELECT a FROM ${b}`;', '1 built'],
  ['log(`SELECT a FROM ${b}`);\ndb.query(`SELECT ${b}`);', '1 built', '2 passed'],
  ['log(`${a}: ${`SELECT a FROM ${b}`}`);', '1 built'],
];

/** Found when the rule knows the method `where` and the tag `trimmed`. */
export const toldOf = ['users.where(`age > ${age}`)', 'db.query(trimmed`SELECT ${a}`)'] as const;
